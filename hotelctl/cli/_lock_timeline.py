"""The lock timeline of the migrations: of this run, or of the one that kept results stand on."""

from collections.abc import Sequence

from hotelctl.core.check import Check
from hotelctl.core.judging import FactStore, Had
from hotelctl.core.report import CheckResult, LockTimeline
from hotelctl.facts.lock_timeline import lock_timeline
from hotelctl.facts.migration_run import MigrationRun


def timeline_of(
    checks: Sequence[Check], results: Sequence[CheckResult], facts: FactStore
) -> LockTimeline | None:
    """That of the migrations, where a check had them run or passed on an earlier run of the same."""
    had = facts.asked(MigrationRun) or _earlier(checks, results, facts)
    return None if had is None or had.trouble is not None else lock_timeline(had.value, had.evidence)


def _earlier(checks: Sequence[Check], results: Sequence[CheckResult], facts: FactStore) -> Had | None:
    kept = {one.info.id for one in results if one.cached}
    if facts.kept is None or not any(one.info.id in kept and MigrationRun in one.facts for one in checks):
        return None
    return facts.kept.earlier(MigrationRun)
