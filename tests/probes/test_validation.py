from datetime import timedelta

from hotelctl.config.environment import Environment
from hotelctl.facts.validation import FreshValidation
from tests.facts.test_validation import sealed
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World


def _world(*kinds: str) -> World:
    world = World()
    world.deploying = True
    world.environment = Environment.model_validate({"validated_within_h": 24})
    for number, kind in enumerate(kinds):
        _write(world, number, kind)
    return world


def _write(world: World, number: int, kind: str, age_h: float = 1) -> None:
    finished = (world.clock.now() - timedelta(hours=age_h)).isoformat()
    report = sealed(kind=kind, environment="local", profile="ci", finished_at=finished)
    world.write(f"reports/r{number:03}/report.json", report)


def test_the_newest_validation_is_what_a_deploy_stands_on() -> None:
    found: FreshValidation = _world("validate", "validate", "deploy").fact(FreshValidation)
    assert found.newest is not None
    assert (found.newest.path, found.commit) == ("reports/r001/report.json", COMMIT)
    assert (found.limit.total_seconds(), found.reports) == (86_400, "reports")
    world = _world("validate")
    world.write("reports/latest/report.json", "{}")
    assert world.fact(FreshValidation).newest.path == "reports/r000/report.json"


def test_reports_of_something_else_never_hide_it() -> None:
    found = _world("validate", *["verify"] * 120).fact(FreshValidation)
    assert found.newest is not None
    assert found.newest.path == "reports/r000/report.json"


def test_nothing_is_read_behind_a_report_that_is_older_than_the_limit() -> None:
    world = _world()
    for number, kind, age_h in ((0, "validate", 26), (1, "verify", 25), (2, "verify", 1)):
        _write(world, number, kind, age_h)
    assert world.fact(FreshValidation).newest is None
    _write(world, 1, "verify", 23)
    assert world.fact(FreshValidation).newest.path == "reports/r000/report.json"


def test_a_younger_report_that_nobody_can_read_is_told_and_passed_over() -> None:
    world = _world("validate")
    for number, text in ((8, "{"), (9, "{}")):
        world.write(f"reports/r{number:03}/report.json", text)
    found = world.fact(FreshValidation)
    assert found.newest.path == "reports/r000/report.json"
    assert [one.path for one in found.spoilt] == ["reports/r009/report.json", "reports/r008/report.json"]


def test_none_is_a_fact_and_one_that_lacks_a_part_none() -> None:
    assert _world("deploy").fact(FreshValidation).newest is None
    world = _world("validate")
    text = sealed(environment="local", profile="ci", git=None)
    world.write("reports/r009/report.json", text)
    why = world.why_not(FreshValidation)
    assert why.startswith("Unavailable: reports/r009/report.json: cannot be read: it is no report")


def test_who_validates_or_wants_none_is_not_asked() -> None:
    world = _world()
    world.deploying = False
    assert "a validation is the evidence itself" in world.why_not(FreshValidation)
    world = _world()
    world.environment = Environment()
    assert world.why_not(FreshValidation).startswith("NotApplicable: the service file names no validation")
