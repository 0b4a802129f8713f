import json
from typing import Any

import pytest

from hotelctl.core.ports import Completed
from hotelctl.facts.outside_answers import Answer, State, answers_of


def ended(text: Any, code: int | None = 0, *, timed_out: bool = False, cut: bool = False) -> Completed:  # noqa: ANN401 - JSON
    said = text if isinstance(text, str) else json.dumps(text)
    return Completed(("check",), code, said, "", timed_out, 0.1, "ev-1", cut)


def test_each_service_has_its_state_code_and_latency() -> None:
    told = {
        "mail": {"state": "failed", "code": "unauthorized", "latencies_ms": [31.5, 29]},
        "files": {"state": "ok"},
    }
    assert answers_of(["files", "mail"], ended(told, 1)) == (
        Answer("files", State.OK),
        Answer("mail", State.FAILED, "unauthorized", latencies_ms=(31.5, 29.0)),
    )


@pytest.mark.parametrize(
    ("done", "doubt"),
    [
        (ended(""), "its check said nothing"),
        (ended("ok"), "its check's answer is not the JSON that it promises"),
        (ended(["ok"]), "its check printed no JSON object"),
        (ended({}), "its check says nothing of it"),
        (ended({"mail": "ok"}), "its check says nothing of it"),
        (ended({"mail": {"state": "fine"}}), "its check says nothing of it"),
        (ended({"mail": {"state": ["ok"]}}), "its check says nothing of it"),
        (ended({"mail": {"state": "configured_unchecked"}}), "its check says configured_unchecked"),
        (ended({"mail": {"state": "not_configured"}}), "its check says not_configured"),
        (ended({"mail": {"state": "failed"}}), "its check says failed without a code of one word"),
        (
            ended({"mail": {"state": "failed", "code": "No way!"}}),
            "its check says failed without a code of one word",
        ),
        (ended({"mail": {"state": "ok"}}, 1), "its check ended with 1, but says of none that it failed"),
        (ended({"mail": {"state": "ok"}}, 2), "its check ended with 2: "),
        (ended({"mail": {"state": "ok"}}, None, timed_out=True), "its check was killed at its limit"),
        (ended({"mail": {"state": "ok"}}, cut=True), "its check said more than is read"),
    ],
)
def test_what_is_no_answer_is_a_doubt_and_never_a_state(done: Completed, doubt: str) -> None:
    (answer,) = answers_of(["mail"], done)
    assert answer.state is State.UNCHECKED
    assert answer.doubt.startswith(doubt)


@pytest.mark.parametrize("latencies", [[True], ["31"], [31, None], [-1], 31.5, None])
def test_latencies_that_are_no_numbers_are_none(latencies: object) -> None:
    (answer,) = answers_of(["mail"], ended({"mail": {"state": "ok", "latencies_ms": latencies}}))
    assert (answer.state, answer.latencies_ms) == (State.OK, ())
