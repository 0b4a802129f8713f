"""The lock timeline of the migrations: of this run, or of the one that kept results stand on."""

from collections.abc import Sequence

from hotelctl.core.by_name import full_name
from hotelctl.core.check import Check
from hotelctl.core.judging import FactStore, Had
from hotelctl.core.report import CheckResult, LockTimeline

_RUN = "hotelctl.facts.migration_run.MigrationRun"


def timeline_of(
    checks: Sequence[Check], results: Sequence[CheckResult], facts: FactStore
) -> LockTimeline | None:
    """That of the migrations, where a check had them run or passed on an earlier run of the same."""
    behind = facts.behind(kind for one in checks for kind in one.facts)
    run = next((kind for kind in behind if full_name(kind) == _RUN), None)
    if run is None:
        return None
    # Who asks nothing that stands on a run reads nothing of what can be told of one.
    from hotelctl.facts.lock_timeline import lock_timeline

    had = facts.asked(run) or _earlier(run, checks, results, facts)
    return None if had is None or had.trouble is not None else lock_timeline(had.value, had.evidence)


def _earlier(
    run: type, checks: Sequence[Check], results: Sequence[CheckResult], facts: FactStore
) -> Had | None:
    kept = {one.info.id for one in results if one.cached}
    if facts.kept is None or not any(one.info.id in kept and run in one.facts for one in checks):
        return None
    return facts.kept.earlier(run)
