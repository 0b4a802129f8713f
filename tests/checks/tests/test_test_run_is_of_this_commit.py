import dataclasses
from datetime import timedelta

from hotelctl.checks.tests.test_run_is_of_this_commit import test_run_is_of_this_commit
from hotelctl.facts.test_run import Case, Counts, TestRun
from tests.checks import made


def _run(
    tests: int, skipped: int = 0, failed: int = 0, errors: int = 0, collection: int = 0, code: int = 0
) -> TestRun:
    broken = tuple(Case(f"tests.x::e{n}", "boom") for n in range(errors))
    uncollected = tuple(Case(f"tests.c{n}", "collection failure") for n in range(collection))
    fails = tuple(Case(f"tests.x::f{n}", "assert 1 == 2") for n in range(failed))
    counts = Counts(tests, skipped, fails, broken + uncollected, uncollected)
    return TestRun(counts, made.COMMIT, made.NOON, code, ("pytest",), "3 passed")


def test_the_same_commit_and_a_later_end_are_fine() -> None:
    assert not made.judged(test_run_is_of_this_commit, _run(3), made.tree())


def test_another_commit_or_an_older_run_is_a_finding() -> None:
    foreign = dataclasses.replace(_run(3), commit="d" * 40)
    older = dataclasses.replace(_run(3), finished_at=made.NOON - timedelta(hours=1))
    for run, words in ((foreign, "dddddddddddd"), (older, "before HEAD")):
        (finding,) = made.judged(test_run_is_of_this_commit, run, made.tree())
        assert words in finding.message
