from datetime import timedelta
from typing import Any

from hotelctl.facts.coverage import Coverage
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World

REPORT = '<coverage branches-valid="8" branches-covered="6"/>'


def _world(text: str | None = REPORT, **tests: Any) -> World:  # noqa: ANN401 - keys of [tests]
    world = World(tests={"command": ["test"], "coverage": "coverage.xml", **tests})
    if text is not None:
        world.write("coverage.xml", text)
    world.files.written_at = world.repository.committed_at + timedelta(hours=1)
    return world


def test_the_report_is_held_against_the_target() -> None:
    found = _world(coverage_target=0.9).fact(Coverage)
    assert (found.path, found.branches, found.covered, found.target) == ("coverage.xml", 8, 6, 0.9)


def test_what_was_not_measured_is_unknown() -> None:
    world = World()
    assert world.why_not(Coverage) == (
        "Unavailable: hotelctl.toml: has no [tests] coverage, so no report says what the tests reach"
    )
    assert "coverage.xml is not there: a run of the tests with branch" in _world(None).why_not(Coverage)
    by = _world(None, coverage_by="make coverage").why_not(Coverage)
    assert by.endswith("coverage.xml is not there: make coverage leaves it")
    assert "coverage.xml is no XML" in _world("x").why_not(Coverage)
    assert World(tests=None).why_not(Coverage).startswith("NotApplicable")


def test_a_report_of_something_else_is_none() -> None:
    world = _world()
    world.files.written_at = world.repository.committed_at - timedelta(hours=1)
    assert "before HEAD came here" in world.why_not(Coverage)
    assert world.why_not(Coverage).endswith("as Cobertura XML, leaves another one")
    world = _world()
    world.repository.dirty = ("thing.py",)
    assert "thing.py is not committed" in world.why_not(Coverage)
    world.repository.commit(COMMIT, {"coverage.xml": REPORT})
    world.repository.dirty = ()
    assert "is tracked by git" in world.why_not(Coverage)
