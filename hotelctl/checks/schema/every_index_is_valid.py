"""DB014: every index is valid afterwards."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun


@check(
    "DB014",
    "Every index is valid afterwards",
    severity=Severity.CRITICAL,
    rationale="An invalid index costs every write and helps no read; IF NOT EXISTS takes it for good.",
    remediation="Drop it concurrently, mend what made it fail, and build it again.",
    stage=Stage.AUDIT,
)
def every_index_is_valid(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each index that a migration leaves, or takes for good, though it is not valid."""
    yield from findings(run, run.of(HazardKind.INVALID_INDEX))
