"""DB012: plans that live sessions keep stay good."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazards import HazardKind
from hotelctl.facts.migration_run import MigrationRun


@check(
    "DB012",
    "Plans that live sessions keep stay good",
    severity=Severity.MEDIUM,
    rationale=(
        "A session that prepared a statement before gets 'cached plan must not change result type' (0A000) "
        "afterwards, outside of a transaction until it reconnects."
    ),
    remediation="Name columns instead of SELECT *, and let sessions end their transactions, or connect anew.",
    stage=Stage.AUDIT,
)
def cached_plans_stay_good(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each table whose rows look different to statements that were prepared before."""
    yield from findings(run, run.of(HazardKind.CACHED_PLAN))
