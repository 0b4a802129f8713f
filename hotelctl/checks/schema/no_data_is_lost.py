"""DB013: no data is lost."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings, require_met
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun


@check(
    "DB013",
    "No data is lost",
    severity=Severity.CRITICAL,
    rationale="What a migration drops no rollback brings back: a backup has it, as of when it was made.",
    remediation="Let one release live without it first, and drop it in the next, when nobody asks for it.",
    stage=Stage.AUDIT,
)
def no_data_is_lost(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each table, column or row that goes, and each type that rounds what was there.

    Raises:
        Unavailable: after them, when a DELETE met no made-up row, so that nobody saw what it takes.

    """
    yield from findings(run, run.of(HazardKind.DATA_LOSS))
    require_met(run.of(HazardKind.UNMET_DELETE))
