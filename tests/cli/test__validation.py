from typing import Any

from hotelctl.checks.catalogue import walk
from hotelctl.cli._validation import Wishes
from hotelctl.core.check import Stage


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
