from typing import Any

from hotelctl.checks.catalogue import walk
from hotelctl.cli._validation import Wishes, _lock_timeline
from hotelctl.core.check import Stage
from hotelctl.core.errors import Unavailable
from hotelctl.core.judging import FactStore
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_run import MigrationRun, WrittenStatement
from tests.fakes.evidence import FakeEvidence


def chosen(kind: str, **more: Any) -> set[str]:  # noqa: ANN401 - flags
    wishes = Wishes(None, (), (), (), "high", 1, None, kind, **more)
    return {check.info.id for check in wishes.chosen().chosen}


def test_verify_asks_what_runs_and_outside_services_when_it_is_told_to() -> None:
    without, told = chosen("verify"), chosen("verify", with_external=True)
    assert {name for name in without if name.startswith("EXT")} == set()
    outside = {name for name in chosen("validate") if name.startswith("EXT")}
    assert told - without == outside - {"EXT006", "EXT008"}, "what asks a sandbox asks no release that serves"


def test_a_deploy_speaks_to_no_service_of_others() -> None:
    outside = {check.info.id: check.info.stage for check in walk() if check.info.section == "services"}
    validated = (Stage.AUDIT, Stage.SANDBOX)
    assert {name for name, stage in outside.items() if stage not in validated} == {"EXT007"}
    (one,) = (check for check in walk() if check.info.id == "EXT007")
    assert [fact.__name__ for fact in one.facts] == ["OutsideServices"], "it reads variables alone"


RUN = MigrationRun(
    "nothing",
    "18",
    ("3.sql",),
    1,
    (),
    watched=(WrittenStatement("LOCK a", "3.sql", 1, 2.0, locks=(("a", LockMode.ACCESS_EXCLUSIVE),)),),
)


def test_the_report_shows_the_locks_of_migrations_where_a_check_had_them_run() -> None:
    store = FactStore({MigrationRun: lambda _: RUN}, None, FakeEvidence())
    assert _lock_timeline(store) is None
    store.get(MigrationRun)
    found = _lock_timeline(store)
    assert found is not None
    assert [bar.table for bar in found.bars] == ["a"]


def test_the_report_shows_no_locks_of_migrations_that_could_not_run() -> None:
    def refused(_: object) -> MigrationRun:
        raise Unavailable("no shadow")

    store = FactStore({MigrationRun: refused}, None, FakeEvidence())
    store.get(MigrationRun)
    assert _lock_timeline(store) is None
