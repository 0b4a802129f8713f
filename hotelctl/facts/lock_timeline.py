"""Whom a watched migration keeps waiting, from when to when: its locks on one axis of time."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate

from hotelctl.core.finding import Location
from hotelctl.core.report import LockBar, LockTimeline, TimedStatement
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement
from hotelctl.facts.migration_set import is_ledger


def lock_timeline(run: MigrationRun, evidence: tuple[str, ...]) -> LockTimeline | None:
    """The statements that count and the bars of their locks; None where nobody is kept waiting by any.

    What is not written in a migration and keeps nobody waiting, such as a setting of whoever runs it, is
    left out with its time.
    """
    shown = [one for one in run.watched if one.line is not None or _held(one)]
    edges = list(accumulate((one.duration_ms for one in shown), initial=0.0))
    if not any(_held(one) for one in shown):
        return None
    numbers = {name: n for n, name in enumerate(dict.fromkeys(one.transaction for one in shown), start=1)}
    statements = tuple(
        TimedStatement(one.sql, numbers[one.transaction], edges[n], edges[n + 1], _place(one))
        for n, one in enumerate(shown)
    )
    bars = sorted(
        (bar for transaction in numbers for bar in _bars(shown, edges, transaction)),
        key=lambda bar: (bar.statement, bar.table),
    )
    return LockTimeline(edges[-1], statements, tuple(bars), evidence, run.stopped)


def _bars(shown: Sequence[WrittenStatement], edges: Sequence[float], transaction: int) -> Iterator[LockBar]:
    """Those of one transaction: what refuses something else begins anew, the last go on until its end."""
    begun: dict[str, tuple[int, LockMode]] = {}
    within = [n for n, one in enumerate(shown) if one.transaction == transaction]
    for n in within:
        # Of a statement that failed no locks are known: it takes none away.
        held = {table: mode for table, (_, mode) in begun.items()} if shown[n].error else _held(shown[n])
        for table in [one for one, (_, mode) in begun.items() if _refuses(held, one) != mode.refuses]:
            yield _bar(shown, edges, table, *begun.pop(table), n)
        for table, mode in held.items():
            begun.setdefault(table, (n, mode))
    for table, (first, mode) in begun.items():
        yield _bar(shown, edges, table, first, mode, within[-1] + 1)


def _bar(
    shown: Sequence[WrittenStatement],
    edges: Sequence[float],
    table: str,
    first: int,
    mode: LockMode,
    behind: int,
) -> LockBar:
    """From the start of the statement `first` to the start of the one `behind` the last."""
    start_ms, end_ms = edges[first], edges[behind]
    return LockBar(table, mode.refuses, mode.words, start_ms, end_ms, first + 1, behind, _place(shown[first]))


def _held(one: WrittenStatement) -> Mapping[str, LockMode]:
    """By table; nobody but migrations writes their ledger."""
    return {table: mode for table, mode in one.locks if mode.refuses and not is_ledger(table)}


def _refuses(held: Mapping[str, LockMode], table: str) -> str:
    return held[table].refuses if table in held else ""


def _place(one: WrittenStatement) -> Location | None:
    return Location(one.path, one.line) if one.path else None
