import json

from hotelctl.config.environment import Environment
from hotelctl.facts.validation import FreshValidation
from tests.facts.test_validation import REPORT
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World


def _world(*kinds: str) -> World:
    world = World()
    world.deploying = True
    world.environment = Environment.model_validate({"validated_within_h": 24})
    for number, kind in enumerate(kinds):
        report = REPORT | {"kind": kind, "environment": "local", "profile": "ci"}
        world.write(f"reports/r{number}/report.json", json.dumps(report))
    return world


def test_the_newest_validation_is_what_a_deploy_stands_on() -> None:
    found: FreshValidation = _world("validate", "validate", "deploy").fact(FreshValidation)
    assert found.newest is not None
    assert (found.newest.path, found.commit) == ("reports/r1/report.json", COMMIT)
    assert (found.limit.total_seconds(), found.reports) == (86_400, "reports")
    world = _world("validate")
    world.write("reports/latest/report.json", "{}")
    assert world.fact(FreshValidation).newest.path == "reports/r0/report.json"


def test_none_is_a_fact_and_one_that_cannot_be_read_none() -> None:
    assert _world("deploy").fact(FreshValidation).newest is None
    world = _world("validate")
    world.write("reports/r9/report.json", "{")
    assert world.why_not(FreshValidation).startswith("Unavailable: reports/r9/report.json: cannot be read")


def test_who_validates_or_wants_none_is_not_asked() -> None:
    world = _world()
    world.deploying = False
    assert "a validation is the evidence itself" in world.why_not(FreshValidation)
    world = _world()
    world.environment = Environment()
    assert world.why_not(FreshValidation).startswith("NotApplicable: the service file names no validation")
