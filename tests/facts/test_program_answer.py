from typing import Any

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.ports import Completed
from hotelctl.facts.program_answer import ended, json_of


def done(code: int | None = 0, stdout: str = "", stderr: str = "", **more: Any) -> Completed:  # noqa: ANN401 - fields
    """How a program ended."""
    return Completed(("it",), code, stdout, stderr, more.pop("timed_out", False), 0.1, "ev-1", **more)


def test_a_code_that_it_promises_is_given_back() -> None:
    assert ended("it", done(1), (0, 1)) == 1


@pytest.mark.parametrize(
    ("how", "why"),
    [
        (done(None, timed_out=True), "it was killed at its limit"),
        (done(2, stderr="usage\nno such flag\n"), "it ended with 2: no such flag"),
        (done(-11), "it ended with -11"),
        (done(None), "it ended with None"),
        (done(0, "x", truncated=True), "it said more than is read"),
    ],
)
def test_every_other_end_is_no_verdict(how: Completed, why: str) -> None:
    with pytest.raises(Unavailable) as caught:
        ended("it", how, (0, 1))
    assert caught.value.reason == why


def test_words_that_may_quote_a_secret_are_not_told() -> None:
    with pytest.raises(Unavailable) as caught:
        ended("it", done(2, stderr="PASSWORD=hunter2"), (0,), quoted=False)
    assert caught.value.reason == "it ended with 2"


def test_only_json_is_json() -> None:
    assert json_of("it", "[1]") == [1]
    for text, why in (
        ("", "it said nothing"),
        (" \n", "said nothing"),
        ("[1", "not the JSON"),
        ("[" * 100_000, "not the JSON"),
    ):
        with pytest.raises(Unavailable, match=why):
            json_of("it", text)
