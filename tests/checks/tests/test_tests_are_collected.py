from hotelctl.checks.tests.tests_are_collected import tests_are_collected
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


def test_a_collected_run_is_fine() -> None:
    assert not made.judged(tests_are_collected, _run(3, failed=1, errors=1))


def test_each_file_that_cannot_be_imported_is_named() -> None:
    found = made.judged(tests_are_collected, _run(3, collection=2, code=2))
    assert [finding.subject for finding in found] == ["tests.c0", "tests.c1"]
