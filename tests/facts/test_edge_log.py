import json
from typing import Any

import pytest

from hotelctl.facts.edge_log import Answer, answer_of

_HERE = "127.0.0.1:4000"


def _line(**changes: Any) -> bytes:  # noqa: ANN401 - JSON of any shape
    told = {
        "ts": 1_800_000_000.5,
        "request": {"method": "GET", "uri": "/notes"},
        "status": 200,
        "duration": 0.25,
        "upstream": _HERE,
        "latency_ms": "12.5",
    }
    return json.dumps(told | changes, separators=(",", ":")).encode()


def test_a_line_tells_what_was_asked_who_answered_how_and_how_soon() -> None:
    assert answer_of(_line(), _HERE) == Answer(1_800_000_000.5, 200, 0.0125, "GET /notes")
    assert answer_of(_line(status=502, latency_ms=""), _HERE) == Answer(
        1_800_000_000.5, 502, 0.25, "GET /notes"
    )
    assert answer_of(_line(latency_ms=12.5), _HERE) == answer_of(_line(), _HERE)


@pytest.mark.parametrize(
    "line",
    [
        _line(upstream="127.0.0.1:40001"),
        _line(upstream="", request={"method": "GET", "uri": f"/{_HERE}"}),
        _line()[:-9],
        b"",
        f'["{_HERE}"]'.encode(),
        _line(request=None),
    ],
)
def test_what_tells_of_no_request_to_that_instance_is_left_out(line: bytes) -> None:
    assert answer_of(line, _HERE) is None


@pytest.mark.parametrize("status", [499, 0])
def test_who_hung_up_before_the_answer_waited_for_as_long_as_the_request_was_open(status: int) -> None:
    found = answer_of(_line(status=status, latency_ms="", duration=2.5), _HERE)
    assert found == Answer(1_800_000_000.5, 499, 2.5, "GET /notes")
    assert (found.given_up, found.failed) == (True, False)


@pytest.mark.parametrize("status", [200, 404, 500, 504])
def test_an_answer_is_not_given_up(status: int) -> None:
    found = answer_of(_line(status=status), _HERE)
    assert found is not None
    assert not found.given_up


@pytest.mark.parametrize(
    ("uri", "asked"),
    [
        ("/notes/17", "GET /notes/*"),
        ("/notes/17?page=2", "GET /notes/*"),
        ("/h/0190a-bc/rooms", "GET /h/*/rooms"),
        ("/s/abcdefghijklmnopqrstuvwxyz/x", "GET /s/*/x"),
        ("/notes/new", "GET /notes/new"),
    ],
)
def test_what_differs_from_call_to_call_is_one_question(uri: str, asked: str) -> None:
    found = answer_of(_line(request={"method": "GET", "uri": uri}), _HERE)
    assert found is not None
    assert found.asked == asked


@pytest.mark.parametrize(("probe", "synthetic"), [("1", True), ("", False), (None, False)])
def test_a_marked_request_is_synthetic(probe: str | None, synthetic: bool) -> None:  # noqa: FBT001 - a row
    found = answer_of(_line(probe=probe), _HERE)
    assert found is not None
    assert found.synthetic is synthetic


def test_who_failed_is_told_by_the_status() -> None:
    assert [Answer(0, status, 0, "").failed for status in (200, 404, 500, 502)] == [False, False, True, True]
