from dataclasses import replace
from datetime import UTC, datetime

from hotelctl.cli._lock_timeline import timeline_of
from hotelctl.core.check import Check
from hotelctl.core.errors import Unavailable
from hotelctl.core.judging import FactStore, Had
from hotelctl.core.report import CheckResult, Status
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement
from tests.fakes.evidence import FakeEvidence
from tests.render import made

RUN = MigrationRun(
    "nothing",
    "18",
    ("3.sql",),
    1,
    (),
    watched=(WrittenStatement("LOCK a", "3.sql", 1, 2.0, locks=(("a", LockMode.ACCESS_EXCLUSIVE),)),),
)
CHECK = Check(made.info("DB006"), (MigrationRun,), lambda _: ())
PASSED = CheckResult(CHECK.info, Status.PASSED, 0.1, ("ev-0001",))
KEPT = replace(PASSED, cached=datetime(2026, 3, 1, tzinfo=UTC))


class Earlier:
    """One run that an earlier command had."""

    def earlier(self, kind: type) -> Had | None:
        assert kind is MigrationRun
        return Had(RUN, ("ev-0007",))

    def leave(self, kind: type, had: Had) -> None:
        raise AssertionError(f"{kind.__name__} was probed: {had}")


def _store(run: MigrationRun | None = RUN) -> FactStore:
    def probed(_: object) -> MigrationRun:
        if run is None:
            raise Unavailable("no shadow")
        return run

    return FactStore({MigrationRun: probed}, None, FakeEvidence())


def test_the_report_shows_the_locks_of_migrations_where_a_check_had_them_run() -> None:
    store = _store()
    assert timeline_of([CHECK], [PASSED], store) is None
    store.get(MigrationRun)
    found = timeline_of([CHECK], [PASSED], store)
    assert found is not None
    assert [bar.table for bar in found.bars] == ["a"]


def test_the_report_shows_no_locks_of_migrations_that_could_not_run() -> None:
    store = _store(None)
    store.get(MigrationRun)
    assert timeline_of([CHECK], [PASSED], store) is None


def test_where_a_kept_result_stands_on_an_earlier_run_its_locks_are_shown() -> None:
    store = _store()
    store.kept = Earlier()
    found = timeline_of([CHECK], [KEPT], store)
    assert found is not None
    assert found.evidence == ("ev-0007",)
    assert store.asked(MigrationRun) is None, "nothing was run for it"
    assert timeline_of([CHECK], [PASSED], store) is None, "no check stands on it"
