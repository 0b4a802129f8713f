"""DB008: no lock is held while all rows are read."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings, small
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun


@check(
    "DB008",
    "No lock is held while all rows are read",
    severity=Severity.HIGH,
    rationale="A rule that is checked when it is added reads every row, and nobody may write meanwhile.",
    remediation="Add the rule NOT VALID, and validate it in a transaction of its own, when others can write.",
    stage=Stage.AUDIT,
)
def no_lock_waits_for_a_scan(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each table that is read through while its writers wait."""
    yield from findings(run, run.of(HazardKind.SCAN), lambda one: Severity.LOW if small(run, one) else None)
