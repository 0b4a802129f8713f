import dataclasses

from hotelctl.facts.test_run import TestRun
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World, completed


def test_it_runs_in_the_export_against_a_scratch_database() -> None:
    world = World()
    run = world.fact(TestRun)
    assert (run.executed, run.commit, run.exit_code) == (1, COMMIT, 0)
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


def test_an_old_report_is_never_read() -> None:
    world = World()
    world.work.tests = dataclasses.replace(completed(0), stdout="nothing")
    world.work.junit = None
    assert "left no report" in world.why_not(TestRun)
