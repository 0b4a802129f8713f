"""The lock timeline of a migration as it is written to `report.json`, and the words that stand beside it."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from hotelctl.core.report import LockBar, LockTimeline, TimedStatement
from hotelctl.render.part import Part, Place, Redact, place_part
from hotelctl.render.words import kept_since, moment, one_line

TITLE = "Lock timeline of the migration"
MEANING = (
    "Times are those of a shadow database with a few made-up rows. What carries over to a live table is "
    "the order and the overlap, not the length: there, statements take as long as tables are large."
)
DRAWN = "Short statements are drawn longer than they lasted."
MOST_TABLES = 12
Waits = Literal["writes", "reads and writes"]
Milliseconds = Annotated[float, Field(ge=0, allow_inf_nan=False)]
_WAITS: dict[str, Waits] = {"writes": "writes", "reads and writes": "reads and writes"}
_LABEL = 60


class StatementPart(Part):
    """One statement by its first words; `n` from 1, `transaction` from 1, times in ms."""

    n: int
    label: str
    transaction: int
    start_ms: Milliseconds
    end_ms: Milliseconds
    location: Place | None


class LockBarPart(Part):
    """What of a table `waits` from when to when, under which lock; `statement` took it, `last` ran last."""

    table: str
    waits: Waits
    mode: str
    start_ms: Milliseconds
    end_ms: Milliseconds
    statement: int
    last: int
    location: Place | None


class LockTimelinePart(Part):
    """The statements one after the other, and the bars of their locks in the order of their beginning."""

    total_ms: Milliseconds
    statements: tuple[StatementPart, ...]
    bars: tuple[LockBarPart, ...]
    evidence: tuple[str, ...]
    stopped: str
    # When an earlier command had it; left out where it was had in this run.
    cached: str | None = Field(default=None, exclude_if=lambda value: value is None)

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        edges = [edge for one in self.statements for edge in (one.start_ms, one.end_ms)]
        if not edges or any(early > late for early, late in pairwise(edges)):
            raise ValueError("its statements do not follow one another")
        if not all(1 <= bar.statement <= bar.last <= len(self.statements) for bar in self.bars):
            raise ValueError("a bar is of no statement")
        if not self.bars:
            raise ValueError("it has no bars")
        return self

    @property
    def kept(self) -> str:
        """What is to be said where an earlier command had it; else empty."""
        return f"It {kept_since(self.cached)}." if self.cached else ""

    def tables(self) -> Sequence[tuple[str, tuple[LockBarPart, ...]]]:
        """Every table with its bars, in the order in which they are locked first."""
        names = dict.fromkeys(bar.table for bar in self.bars)
        return [(name, tuple(bar for bar in self.bars if bar.table == name)) for name in names]


def lock_part(timeline: LockTimeline, text: Redact) -> LockTimelinePart:
    """The same with its free texts through `text`."""
    return LockTimelinePart(
        total_ms=_ms(timeline.total_ms),
        statements=tuple(_statement(n, one, text) for n, one in enumerate(timeline.statements, start=1)),
        bars=tuple(_bar(bar, text) for bar in timeline.bars),
        evidence=timeline.evidence,
        stopped=text(timeline.stopped),
        cached=None if timeline.cached is None else moment(timeline.cached),
    )


def _statement(n: int, one: TimedStatement, text: Redact) -> StatementPart:
    # Cut last: half a secret is none that would be known.
    words = one_line(text(one.sql))
    return StatementPart(
        n=n,
        label=words if len(words) <= _LABEL else f"{words[: _LABEL - 3].rstrip()}...",
        transaction=one.transaction,
        start_ms=_ms(one.start_ms),
        end_ms=_ms(one.end_ms),
        location=one.place and place_part(one.place, text),
    )


def _bar(bar: LockBar, text: Redact) -> LockBarPart:
    return LockBarPart(
        table=text(bar.table),
        waits=_WAITS[bar.waits],
        mode=bar.mode,
        start_ms=_ms(bar.start_ms),
        end_ms=_ms(bar.end_ms),
        statement=bar.statement,
        last=bar.last,
        location=bar.place and place_part(bar.place, text),
    )


def _ms(value: float) -> float:
    return round(value, 2)
