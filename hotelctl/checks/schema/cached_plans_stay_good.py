"""DB012: plans that live sessions keep stay good."""

from collections.abc import Iterator

from hotelctl.checks.schema.of_run import findings
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.catalogue_change import ChangeKind
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_run import MigrationRun, WrittenHazard
from hotelctl.facts.old_code import OldCode


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
def cached_plans_stay_good(run: MigrationRun, old: OldCode) -> Iterator[Finding]:
    """A finding for each column of another type; a new one counts where a statement asks for all columns.

    Without a release whose statements are known, a new column is taken to be asked for by nobody.
    """
    kept = (
        one
        for one in run.of(HazardKind.CACHED_PLAN)
        if one.hazard.cause is not ChangeKind.COLUMN_ADDED or _asked(one, old)
    )
    yield from findings(run, kept)


def _asked(one: WrittenHazard, old: OldCode) -> bool:
    table = one.hazard.table.rpartition(".")[2].strip('"')
    return any("*" in said.sql and table in said.sql for said in old.before)
