import dataclasses

from hotelctl.checks.tests.tests_were_executed import tests_were_executed
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


def test_executed_tests_are_fine() -> None:
    assert not made.judged(tests_were_executed, _run(3, skipped=1))
    assert not made.judged(tests_were_executed, _run(3, failed=1, code=1))


def test_all_skipped_none_found_or_nothing_collected_is_a_finding() -> None:
    for run in (_run(3, skipped=3), _run(0), _run(2, collection=2, code=2)):
        (finding,) = made.judged(tests_were_executed, run)
        assert "no test was executed" in finding.message


def test_a_bad_end_without_a_failed_test_is_a_finding() -> None:
    (finding,) = made.judged(tests_were_executed, _run(3, code=3))
    assert "ended with 3" in finding.message


def test_results_that_somebody_left_have_no_end_to_be_bad() -> None:
    left = dataclasses.replace(_run(3), argv=(), exit_code=None, files=("junit.xml",))
    assert not made.judged(tests_were_executed, left)
    (finding,) = made.judged(tests_were_executed, dataclasses.replace(_run(0), argv=(), files=("junit.xml",)))
    assert finding.fix == ""
