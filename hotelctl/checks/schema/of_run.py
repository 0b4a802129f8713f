"""Findings of what a watched migration does, in one form for all checks."""

from collections.abc import Callable, Iterable, Iterator, Sequence

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, Measurement, QueryResult, Severity
from hotelctl.core.redact import by_shape
from hotelctl.facts.hazard import LONG, HazardKind
from hotelctl.facts.migration_run import MigrationRun, WrittenHazard
from hotelctl.facts.safe_rewrite import safe_rewrite

# What takes a moment whatever it does.
_FEW_ROWS = 10_000
_SHOWN = 160
_RIGHTS = "(42501)"
_SHOWN_UNMET = 3
_UNDER_LOCK = LONG - {HazardKind.BACKFILL}
_KEEP_WAITING = _UNDER_LOCK | {HazardKind.HELD_LOCK}


def findings(
    run: MigrationRun,
    chosen: Iterable[WrittenHazard],
    severity: Callable[[WrittenHazard], Severity | None] = lambda _one: None,
) -> Iterator[Finding]:
    """One for each hazard; the statement, its lock and whom that keeps waiting stand in its evidence.

    Raises:
        Unavailable: after them, when the migrations stopped before all of them had been watched, or live
            rows may let run what did not run here.

    """
    for number, one in enumerate(chosen, 1):
        yield _finding(run, one, number, severity(one))
    if run.stopped:
        raise Unavailable(f"the run stopped, and what comes after was not watched: {run.stopped}")
    require_taken(run)


def require_taken(run: MigrationRun) -> None:
    """Return when no branch hides what was not run. Raises `Unavailable` that names the first that does."""
    if hidden := run.of(HazardKind.UNTAKEN):
        remedy = "let the catalogue decide, or change it without a condition"
        raise Unavailable(
            f"what may run on the live database did not run here: {unmet_words(hidden)}; {remedy}"
        )


def require_met(unmet: Sequence[WrittenHazard]) -> None:
    """Return when there are none. Raises `Unavailable` that names the first of them."""
    if unmet:
        raise Unavailable(f"what it does to the live rows was not seen: {unmet_words(unmet)}")


def unmet_words(unmet: Sequence[WrittenHazard]) -> str:
    """The first of them, each with its place, and how many more there are."""
    shown = unmet[:_SHOWN_UNMET]
    told = "; ".join(f"{_place(one) or one.revision}: {by_shape(one.hazard.detail)}" for one in shown)
    return told + (f"; and {len(unmet) - _SHOWN_UNMET} more" if len(unmet) > _SHOWN_UNMET else "")


def _place(one: WrittenHazard) -> Location | None:
    return Location(one.path, one.line) if one.path else None


def small(run: MigrationRun, one: WrittenHazard) -> bool:
    """Whether the live table is known to hold so few rows that any work on it takes a moment."""
    rows = run.rows.get(one.hazard.table)
    return rows is not None and rows < _FEW_ROWS


def _finding(run: MigrationRun, one: WrittenHazard, number: int, severity: Severity | None) -> Finding:
    hazard = one.hazard
    place = _place(one)
    lock = f" under {hazard.lock.words}" if hazard.lock and hazard.kind in _UNDER_LOCK else ""
    refused = f", {hazard.refused} wait" if hazard.refused and hazard.kind in _KEEP_WAITING else ""
    whose = f" for {run.role}, who migrates here" if run.role and _RIGHTS in hazard.detail else ""
    rows = run.rows.get(hazard.table)
    size = f"; about {rows:,} rows live" if rows is not None else ""
    return Finding(
        subject=f"{one.revision}: {hazard.kind} {hazard.table}".strip()
        + (f" #{number}" if number > 1 else ""),
        message=f"{place or one.revision}: {hazard.detail}{whose}{lock}{refused}{size}",
        evidence=(
            QueryResult("shadow", short(one.sql), 0, by_shape(f"{hazard.detail}{lock}{refused}")),
            Measurement("statement on the shadow", round(one.duration_ms, 2), "ms"),
        ),
        location=place,
        fix=safe_rewrite(hazard, one.sql, one.path),
        severity=severity,
    )


def short(sql: str) -> str:
    """A statement on one line, cut where it is long."""
    even = " ".join(sql.split())
    return even if len(even) <= _SHOWN else f"{even[: _SHOWN - 3]}..."
