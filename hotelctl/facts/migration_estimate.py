"""How long statements would take on the live tables, from how long they took on a smaller copy."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from hotelctl.facts.hazard import LONG, HazardKind
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_run import Placed, WrittenHazard, touched, waited_for
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.sql_split import all_words

# Measured on idle machines: between a half and twice what the scale says, as caches and rows differ.
_LEAST, _MOST = 0.5, 2.0
# A quicker one says more of the machine than of the table: of one whose work does not grow on the copy, of
# one whose work does on the live table.
_LEAST_MS = 5.0
# What reads or changes as large a part of the rows goes through all of them.
_PART = 2
# A condition that fewer rows meet picks single ones out, whatever stands in them.
_FEW = 0.01


@dataclass(frozen=True, slots=True)
class Size:
    """Rows, and bytes of the table without its indexes."""

    rows: int
    bytes: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """One statement on the live `table`: seconds from `low_s` to `high_s`, and bytes written ahead.

    `statement` is its place in the trace. The measured figures are those of the copy, and so is `share`, the
    part of the rows that met its condition there: values are made up, and not spread as the live ones are.
    """

    statement: int
    table: str
    rows: int
    sql: str
    low_s: float
    high_s: float
    wal_bytes: int
    measured_rows: int
    measured_s: float
    share: float = 1.0

    @property
    def widest_s(self) -> float:
        """The upper end where all live rows meet its condition."""
        return self.high_s / self.share


@dataclass(frozen=True, slots=True)
class LockHold:
    """From the statement that takes it to the end of its transaction, `lock` lets others of `table` wait.

    `widest_s` is the upper end where all live rows meet the conditions of what runs meanwhile.
    """

    table: str
    lock: LockMode
    low_s: float
    high_s: float
    measured_s: float
    revision: str
    path: str
    line: int | None
    widest_s: float = 0.0


@dataclass(frozen=True, slots=True)
class MigrationEstimate:
    """The statements whose work grows with a live table, the locks meanwhile, and what they must keep.

    `unfilled` are large live tables for which no row could be made up, so that nothing of them was measured.
    `unmet` are changes of others of which no made-up row met the condition, so that they took no while.
    """

    statements: tuple[Estimate, ...]
    holds: tuple[LockHold, ...]
    lock_limit_s: float
    duration_limit_s: float
    wal_limit_bytes: int
    unfilled: tuple[str, ...] = ()
    unmet: tuple[WrittenHazard, ...] = ()


def estimates(ran: Placed, live: Mapping[str, Size], copy: Mapping[str, Size]) -> tuple[Estimate, ...]:
    """For each statement that took a while: what its largest table makes of it; sizes by name."""
    return tuple(_estimates(ran, live, copy))


def _estimates(ran: Placed, live: Mapping[str, Size], copy: Mapping[str, Size]) -> Iterator[Estimate]:
    trace = ran.trace
    kinds = {(one.statement, one.table): one.kind for one in reversed(ran.hazards) if one.kind in LONG}
    for number, one in enumerate(trace.statements):
        tables = [name for name in touched(trace, number) if name in live and copy.get(name, _NONE).rows]
        if one.error is not None or not tables:
            continue
        table = max(tables, key=lambda name: live[name].rows)
        kind = kinds.get((number, table))
        likely_s = one.duration_ms / 1000 * _scale(kind, live[table], copy[table])
        grows = kind is not None or _goes_through(trace, number, table, copy[table])
        if (likely_s * 1000 if grows else one.duration_ms) < _LEAST_MS:
            continue
        wal = round(one.wal_bytes * _larger(kind, live[table], copy[table]))
        yield Estimate(
            number,
            table,
            live[table].rows,
            one.sql,
            likely_s * _LEAST,
            likely_s * _MOST,
            wal,
            copy[table].rows,
            one.duration_ms / 1000,
            _share(trace, number, table, copy[table]),
        )


def _share(trace: Trace, number: int, table: str, copy: Size) -> float:
    """Which part of the rows met a condition; 1 where that is no matter of how values are spread."""
    one = trace.statements[number]
    found = (rows for other, rows in one.rows.items() if trace.before.name(other) == table)
    met = sum(rows.updated + rows.deleted for rows in found)
    if "where" not in all_words(one.sql) or not met >= copy.rows * _FEW:
        return 1.0
    return min(met / copy.rows, 1.0)


def _goes_through(trace: Trace, number: int, table: str, copy: Size) -> bool:
    """Whether the statement reads or changes so much of the table that it is more where that is larger."""
    seen = trace.statements[number].rows.items()
    found = (rows for one, rows in seen if trace.before.name(one) == table)
    most = max((max(one.read, one.inserted, one.updated, one.deleted) for one in found), default=0)
    return most * _PART >= copy.rows


def holds(ran: Placed, found: tuple[Estimate, ...]) -> tuple[LockHold, ...]:
    """How long each lock that lets others wait is held, by the estimates of what runs meanwhile."""
    took = {one.statement: one for one in found}
    seen: set[tuple[int, str, LockMode]] = set()
    return tuple(
        hold for number in range(len(ran.trace.statements)) for hold in _taken(ran, number, took, seen)
    )


def _taken(
    ran: Placed, number: int, took: Mapping[int, Estimate], seen: set[tuple[int, str, LockMode]]
) -> Iterator[LockHold]:
    trace, at = ran.trace, ran.places[number]
    transaction = trace.statements[number].transaction
    later = [
        took[place]
        for place in range(number, len(trace.statements))
        if place in took and trace.statements[place].transaction == transaction
    ]
    for table, lock in waited_for(trace, number):
        if later and (transaction, table, lock) not in seen:
            seen.add((transaction, table, lock))
            low_s, high_s = sum(one.low_s for one in later), sum(one.high_s for one in later)
            measured_s = sum(one.measured_s for one in later)
            widest_s = sum(one.widest_s for one in later)
            yield LockHold(table, lock, low_s, high_s, measured_s, at.revision, at.path, at.line, widest_s)


_NONE = Size(0, 0)


def _scale(kind: HazardKind | None, live: Size, copy: Size) -> float:
    """How many times as long: an index is sorted."""
    larger = _larger(kind, live, copy)
    if _by_rows(kind):
        return larger * math.log(max(live.rows, 2)) / math.log(max(copy.rows, 2))
    return larger


def _larger(kind: HazardKind | None, live: Size, copy: Size) -> float:
    """How many times as much: half of the work goes by bytes, of which made-up rows have less."""
    rows = live.rows / copy.rows
    if _by_rows(kind) or not copy.bytes:
        return rows
    return max(rows, (rows + live.bytes / copy.bytes) / 2)


def _by_rows(kind: HazardKind | None) -> bool:
    return kind is HazardKind.INDEX_BUILD or kind is None
