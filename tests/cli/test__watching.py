"""What `hotelctl watch` tells while it looks."""

from collections.abc import Sequence

from hotelctl.cli._watching import _Live
from hotelctl.core.progress import Silent
from hotelctl.facts.edge_log import Answer
from tests.fakes.clock import FakeClock

ANSWER = Answer(0, 200, 0.02, "GET /")
GIVEN_UP = Answer(0, 499, 9.0, "GET /")
PROBE = Answer(0, 200, 9.0, "GET /", synthetic=True)


class _Heard(Silent):
    """Keeps what is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def said(self, text: str) -> None:
        self.told.append(text)


def test_what_nobody_waited_for_is_handed_on_but_told_as_no_answer() -> None:
    heard, clock = _Heard(), FakeClock()
    clock.advance(1)
    parts: list[Sequence[Answer]] = [[ANSWER, GIVEN_UP, PROBE], [GIVEN_UP], [PROBE]]
    live = _Live(heard, lambda: parts.pop(0), clock)
    assert live() == [ANSWER, GIVEN_UP, PROBE]
    clock.advance(10)
    assert live() == [GIVEN_UP]
    clock.advance(10)
    live()
    assert heard.told == [
        "1 requests, 0.0% failed (no earlier answers to compare), p95 20 ms",
        "nobody asked",
    ]
