from hotelctl.checks.tests.tests_pass import tests_pass
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


def test_green_and_uncollected_runs_are_not_its_business() -> None:
    assert not made.judged(tests_pass, _run(3))
    assert not made.judged(tests_pass, _run(1, collection=1))


def test_each_failed_or_broken_test_is_named() -> None:
    found = made.judged(tests_pass, _run(4, failed=1, errors=1, collection=1, code=1))
    assert [finding.subject for finding in found] == ["tests.x::f0", "tests.x::e0"]
