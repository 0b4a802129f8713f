"""DB015: the pending migrations keep the service's limits of time and write-ahead log."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import unmet_words
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Location, Measurement, Severity
from hotelctl.facts.migration_estimate import LockHold, MigrationEstimate

_MB = 1_000_000


@check(
    "DB015",
    "The pending migrations keep their limits on the live tables",
    severity=Severity.HIGH,
    rationale=(
        "A lock of a minute is an outage of a minute, and a log that grows faster than replicas read it "
        "fills the disk."
    ),
    remediation="Do the work in batches, or beside the table; raise the limit where the time is acceptable.",
    stage=Stage.AUDIT,
)
def migration_keeps_its_limits(estimate: MigrationEstimate) -> Iterator[Finding]:
    """A finding for each lock that is held, and for a sum of time or log, above its limit.

    The upper end of the range counts.

    Raises:
        Unavailable: after them, when nothing could be measured of a large table, when no made-up row met a
            condition, or when it depends on how many live rows meet one, of which made-up rows say nothing.

    """
    for one in estimate.holds:
        if one.high_s > estimate.lock_limit_s:
            yield _locked(one, estimate.lock_limit_s)
    low_s, high_s = (
        sum(one.low_s for one in estimate.statements),
        sum(one.high_s for one in estimate.statements),
    )
    if high_s > estimate.duration_limit_s:
        yield _sum("duration", f"{span(low_s, high_s)} in all", high_s, "s", estimate.duration_limit_s)
    wal = sum(one.wal_bytes for one in estimate.statements)
    if wal > estimate.wal_limit_bytes:
        limit = estimate.wal_limit_bytes / _MB
        yield _sum("write-ahead log", f"{wal / _MB:,.0f} MB in all", wal / _MB, "MB", limit)
    doubts = [f"no rows could be made up for {', '.join(estimate.unfilled)}"] if estimate.unfilled else []
    if estimate.unmet:
        doubts.append(f"how long it takes on the live rows was not seen: {unmet_words(estimate.unmet)}")
    if doubts := [*doubts, *_by_condition(estimate)]:
        raise Unavailable("; ".join(doubts))


def _by_condition(estimate: MigrationEstimate) -> Iterator[str]:
    """The limits that are kept where as many live rows meet a condition as made-up ones did, and else not."""
    partial = [one for one in estimate.statements if one.share < 1]
    shares = ", ".join(f"{one.share:.0%} of {one.table}" for one in partial)
    if not partial:
        return
    why = (
        f"the range holds for the made-up rows that met a condition ({shares}); where all live rows meet it,"
    )
    for one in estimate.holds:
        if one.high_s <= estimate.lock_limit_s < one.widest_s:
            waits = f"{one.lock.refuses} of {one.table} wait up to {one.widest_s:.0f} s"
            yield f"{why} {waits} for {one.lock.words} (limit {estimate.lock_limit_s:g} s)"
    all_s, widest_s = (sum(one.high_s for one in estimate.statements), sum(one.widest_s for one in partial))
    widest_s += sum(one.high_s for one in estimate.statements if one.share >= 1)
    if all_s <= estimate.duration_limit_s < widest_s:
        yield f"{why} all take up to {widest_s:.0f} s (limit {estimate.duration_limit_s:g} s)"
    wal = sum(one.wal_bytes for one in estimate.statements)
    widest = sum(one.wal_bytes / one.share for one in estimate.statements)
    if wal <= estimate.wal_limit_bytes < widest:
        limit = estimate.wal_limit_bytes / _MB
        yield f"{why} all write up to {widest / _MB:,.0f} MB of log (limit {limit:,.0f} MB)"


def span(low_s: float, high_s: float) -> str:
    """Both ends, in seconds or minutes."""
    if high_s >= 120:  # noqa: PLR2004 - two minutes read better as minutes
        return f"{low_s / 60:.0f} to {high_s / 60:.0f} min"
    return f"{low_s:.1f} to {high_s:.1f} s"


def _locked(one: LockHold, limit_s: float) -> Finding:
    place = Location(one.path, one.line) if one.path else None
    return Finding(
        subject=f"{one.revision}: {one.lock.words} on {one.table}",
        message=(
            f"{place or one.revision}: {one.lock.refuses} of {one.table} wait "
            f"{span(one.low_s, one.high_s)} for {one.lock.words} (limit {limit_s:g} s)"
        ),
        evidence=(
            Measurement("on the copy", round(one.measured_s, 3), "s"),
            Measurement("upper end for the live table", round(one.high_s, 1), "s", limit_s),
        ),
        location=place,
        fix="the same in batches, or beside the table;\nmigrations.lock_limit_s in the service file",
    )


def _sum(what: str, words: str, value: float, unit: str, limit: float) -> Finding:
    return Finding(
        subject=what,
        message=f"the pending migrations' {what}: {words} (limit {limit:g} {unit})",
        evidence=(Measurement(what, round(value, 1), unit, limit),),
        fix="fewer rows at a time, over more deploys",
    )
