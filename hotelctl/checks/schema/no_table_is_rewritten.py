"""DB007: no table is written anew."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings, small
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun


@check(
    "DB007",
    "No table is written anew",
    severity=Severity.CRITICAL,
    rationale=(
        "Every row is copied while nobody can read or write the table, and takes as much room and "
        "write-ahead log again."
    ),
    remediation=(
        "Add a column beside it, fill it in batches, let the next release read it, and drop the old one "
        "later."
    ),
    stage=Stage.AUDIT,
)
def no_table_is_rewritten(run: MigrationRun) -> Iterator[Finding]:
    """A finding for each table that was there before and gets another file."""
    yield from findings(
        run, run.of(HazardKind.REWRITE), lambda one: Severity.LOW if small(run, one) else None
    )
