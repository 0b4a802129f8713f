from collections.abc import Callable, Iterable
from typing import Any, cast

import pytest

from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Frame, Gone, Refusal
from hotelctl.adapters.wire.record import Record
from hotelctl.adapters.wire.session import Answer, Session
from hotelctl.facts.old_code import Spoken

GOOD = Answer(b"I")
REFUSED = Answer(b"I", Refusal("42703", "no such column"))


class Led:
    """A session in which these statements get these answers; `steps` says what was done, in order."""

    def __init__(self, *said: tuple[str, Answer]) -> None:
        self._said = list(said)
        self._now: Answer = GOOD
        self.steps: list[str] = []
        self.lost = False
        self.parsed: list[Frame] = []
        self.noted: Callable[[], int] = lambda: 0

    def batch(self) -> list[Frame]:
        if not self._said:
            return []
        sql, self._now = self._said.pop(0)
        return [*self.parsed, Frame(frames.QUERY, sql.encode() + b"\0")]

    def sql_of(self, batch: list[Frame]) -> str:
        return frames.text_of(batch[-1])

    def forward(self, batch: list[Frame]) -> Answer:
        assert batch
        if self.lost:
            raise Gone
        self.steps.append("forward")
        return self._now

    def release(self) -> None:
        self.steps.append(f"release {self.noted()}")


def attended(*sessions: Led) -> Record:
    """All of them were led to their ends."""
    record = Record()
    for one in sessions:
        one.noted = lambda: len(record.said())
        record.attend(cast("Session", one))
    return record


def test_each_statement_is_noted_with_its_end_and_answered_at_once() -> None:
    led = Led(("SELECT 1", GOOD), ("  SELECT nothing\n", REFUSED))
    assert attended(led).said() == (
        Spoken("SELECT 1"),
        Spoken("SELECT nothing", "42703", "no such column"),
    )
    assert led.steps == ["forward", "release 1", "forward", "release 2"], "noted before the client goes on"


def test_what_asks_for_nothing_is_led_on_and_not_noted() -> None:
    led = Led((" ", GOOD), ("SELECT 1", GOOD))
    assert attended(led).said() == (Spoken("SELECT 1"),)
    assert len(led.steps) == 4


def test_a_statement_that_is_refused_while_it_is_parsed_is_noted_without_what_else_was_sent() -> None:
    led = Led(("", REFUSED))
    led.parsed = [Frame(b"D", b"Sname\0"), Frame(frames.PARSE, b"name\0SELECT nothing \0\0\0")]
    assert attended(led).said() == (Spoken("SELECT nothing", "42703", "no such column"),)
    good = Led(("", GOOD))
    good.parsed = led.parsed
    assert attended(good).said() == ()


def test_all_sessions_are_one_record() -> None:
    sessions: Iterable[Any] = (Led(("SELECT 1", GOOD)), Led(("SELECT 2", GOOD)))
    assert [one.sql for one in attended(*sessions).said()] == ["SELECT 1", "SELECT 2"]


def test_what_was_said_until_a_side_is_lost_stays() -> None:
    record, led = Record(), Led(("SELECT 1", GOOD))
    record.attend(cast("Session", led))
    gone = Led(("SELECT 2", GOOD))
    gone.lost = True
    with pytest.raises(Gone):
        record.attend(cast("Session", gone))
    assert record.said() == (Spoken("SELECT 1"),)
