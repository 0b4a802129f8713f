import dataclasses
from datetime import UTC, datetime, timedelta

import pytest

from hotelctl.core.judging import needs
from hotelctl.core.ports import WorkTree
from hotelctl.facts.test_run import TestRun
from hotelctl.probes.registry import PROBES, WHERE_NO_TEST_RUNS
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World, completed


def test_it_runs_in_the_export_against_a_scratch_database() -> None:
    world = World()
    run = world.fact(TestRun)
    assert (run.executed, run.commit, run.exit_code, run.duration_s) == (1, COMMIT, 0, 0.1)
    assert "hotelctl_scratch_tests" in world.work.upgrades[0][0]
    assert set(world.databases.databases) == {"live", "postgres"}


def test_killed_silent_or_undeclared_is_no_result() -> None:
    world = World()
    world.work.tests = completed(None, timed_out=True)
    assert "killed at their limit" in world.why_not(TestRun)
    world.work.tests = completed(4, "usage: pytest")
    world.work.junit = None
    assert world.why_not(TestRun).endswith("left no report: usage: pytest")
    assert World(tests=None).why_not(TestRun).startswith("NotApplicable")


def test_tests_that_nothing_runs_are_no_result() -> None:
    world = World(tests=None)
    world.repository.commit(COMMIT, {"tests/test_a.py": "", "tests/test_b.py": "", "tests/data.py": ""})
    assert world.why_not(TestRun) == (
        "Unavailable: hotelctl.toml: has no [tests], so nothing runs tests/test_a.py and 1 more"
    )


def test_where_nothing_runs_no_commit_is_copied() -> None:
    assert needs(WHERE_NO_TEST_RUNS[TestRun]) == (WorkTree,)
    world = World(tests=None)
    world.probes = {**PROBES, **WHERE_NO_TEST_RUNS}
    assert world.why_not(TestRun).startswith("NotApplicable")


def test_an_old_report_is_never_read() -> None:
    world = World()
    world.work.tests = dataclasses.replace(completed(0), stdout="nothing")
    world.work.junit = None
    assert "left no report" in world.why_not(TestRun)


RESULTS = {"results": ["out/*.xml"]}
SUITE = '<testsuite><testcase name="{}"/><testcase name="s"><skipped/></testcase></testsuite>'
AT = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)


def left(**tests: object) -> World:
    """A checkout in which another run left two files, half an hour after the commit."""
    world = World(tests={**RESULTS, **tests})
    world.write("out/a.xml", SUITE.format("a"))
    world.write("out/b.xml", SUITE.format("b"))
    world.files.written_at = AT
    return world


def test_results_that_another_run_left_are_read_together() -> None:
    run = left().fact(TestRun)
    assert (run.counts.tests, run.executed, run.commit, run.exit_code, run.argv) == (4, 2, COMMIT, None, ())
    assert run.files == ("out/a.xml", "out/b.xml")
    assert (run.finished_at, run.duration_s) == (AT, None)


def test_results_that_may_be_of_something_else_are_none() -> None:
    world = left(results=["none/*.xml"])
    assert world.why_not(TestRun) == "Unavailable: no result of tests is there: none/*.xml"
    world = left()
    world.repository.dirty = ("thing.py",)
    assert "thing.py is not committed" in world.why_not(TestRun)
    world = left()
    world.repository.commit(COMMIT, {"out/a.xml": "x"})
    assert "out/a.xml is tracked by git" in world.why_not(TestRun)


@pytest.mark.parametrize("moved", [None, AT + timedelta(seconds=1)])
def test_results_from_before_the_checkout_came_here_are_none(moved: datetime | None) -> None:
    world = left()
    world.repository.moved_at = moved
    if moved is None:
        world.files.written_at = world.repository.committed_at - timedelta(seconds=1)
    assert "before HEAD came here" in world.why_not(TestRun)


def test_a_file_that_is_no_junit_is_no_result() -> None:
    world = left()
    world.write("out/c.xml", "<html/>")
    assert "is not JUnit XML" in world.why_not(TestRun)
