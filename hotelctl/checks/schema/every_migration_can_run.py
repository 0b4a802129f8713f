"""DB009: every pending migration can run."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun


@check(
    "DB009",
    "Every pending migration can run",
    severity=Severity.CRITICAL,
    rationale=(
        "What the server refuses ends the deploy half-way, maybe between two transactions. What the role "
        "that migrates may not do is refused as well, where a live database tells its rights; from empty, a "
        "superuser runs it and rights are not proven."
    ),
    remediation="Run the migration on a copy of the live schema, and mend the statement that is refused.",
    stage=Stage.AUDIT,
)
def every_migration_can_run(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each statement that the server refused, whatever rows there are.

    Raises:
        Unavailable: after them, where the run stopped, or what the live role may do is not known.

    """
    yield from findings(run, run.of(HazardKind.CANNOT_RUN))
    if run.unproven:
        raise Unavailable(f"the rights of whoever migrates live are not proven: {run.unproven}")
