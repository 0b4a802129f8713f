import json
from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.hadolint import Remark, command, kept_back, remarks

_ITEM = {"code": "DL3006", "level": "warning", "line": 2, "message": "Always tag", "column": 1, "file": "-"}


def ended(exit_code: int | None = 0, stdout: str = "[]", stderr: str = "", **more: Any) -> Completed:  # noqa: ANN401 - fields
    """How hadolint ended."""
    return Completed(
        ("hadolint",), exit_code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more
    )


def test_what_is_asked() -> None:
    assert command(None, pragmas=True) == ("hadolint", "--no-color", "--format", "json", "-")
    assert command("/p/.hadolint.yaml", pragmas=False)[4:] == (
        "--config",
        "/p/.hadolint.yaml",
        "--disable-ignore-pragma",
        "-",
    )


def test_an_empty_list_is_a_verdict_and_remarks_are() -> None:
    assert remarks(ended()) == ()
    assert remarks(ended(1, json.dumps([_ITEM]))) == (Remark("DL3006", "warning", 2, "Always tag"),)


@pytest.mark.parametrize(
    ("done", "why"),
    [
        (ended(None, "", timed_out=True), "killed at its limit"),
        (ended(0, ""), "said nothing"),
        (ended(0, "[]", "Error parsing your config file"), "complained: Error parsing"),
        (ended(1, "[]"), "ended with 1 and named nothing"),
        (ended(2, "[]"), "ended with 2"),
        (ended(None, "[]"), "ended with None"),
        (ended(0, "hello"), "not the JSON"),
        (ended(0, "{}x"), "not the JSON"),
        (ended(1, '[{"code": "DL1"}]'), "not the JSON"),
        (ended(1, '["a"]'), "not the JSON"),
        (ended(0, "5"), "not the JSON"),
        (ended(0, "[" * 100_000), "not the JSON"),
        (ended(1, json.dumps([_ITEM]), truncated=True), "more than is read"),
        (ended(1, json.dumps([_ITEM | {"code": "DL1000"}])), "cannot read line 2"),
    ],
)
def test_everything_else_is_no_verdict(done: Completed, why: str) -> None:
    with pytest.raises(Unavailable, match=why):
        remarks(done)


def test_what_only_the_second_run_says_was_kept_back() -> None:
    one, other = Remark("A", "info", 1, "a"), Remark("B", "info", 1, "b")
    assert kept_back((one,), (one, other, one)) == (other, one)
    assert kept_back((one, other), (other, one)) == ()
