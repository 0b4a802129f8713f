"""DB006: no lock that keeps others waiting lasts long."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings, require_met, small
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun, WrittenHazard


@check(
    "DB006",
    "No lock that keeps others waiting lasts long",
    severity=Severity.CRITICAL,
    rationale=(
        "Whoever needs a table waits until the migration lets go of it, and whoever comes later waits "
        "behind: the service stands still for as long as the table is large."
    ),
    remediation=(
        "Build indexes concurrently, fill rows in batches, part short locks from long work, and set a "
        "lock_timeout."
    ),
    stage=Stage.AUDIT,
)
def no_lock_lasts_long(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each index that is built, and each row that is changed, while others wait.

    Raises:
        Unavailable: after them, when a change of a large live table, or of one that is not known, met no
            made-up row.

    """

    def severity(one: WrittenHazard) -> Severity | None:
        if one.hazard.kind is HazardKind.NO_LOCK_TIMEOUT:
            return Severity.MEDIUM
        if small(run, one):
            return Severity.LOW
        return Severity.HIGH if one.hazard.kind is HazardKind.BACKFILL else None

    kinds = (HazardKind.INDEX_BUILD, HazardKind.BACKFILL, HazardKind.HELD_LOCK, HazardKind.NO_LOCK_TIMEOUT)
    yield from findings(run, run.of(*kinds), severity)
    unmet = run.of(HazardKind.UNMET_UPDATE, HazardKind.UNMET_DELETE)
    large = [one for one in unmet if one.hazard.table in run.rows and not small(run, one)]
    require_met([*large, *(one for one in unmet if run.rows and not one.hazard.table)])
