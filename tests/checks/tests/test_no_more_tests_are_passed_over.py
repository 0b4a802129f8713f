from hotelctl.checks.tests.no_more_tests_are_passed_over import no_more_tests_are_passed_over
from tests.checks import made
from tests.checks.tests.runs import counts, earlier, run

BEFORE = earlier(counts("a", "b", passed_over=("old",)))


def test_the_same_ones_or_fewer_are_fine() -> None:
    assert not made.judged(no_more_tests_are_passed_over, BEFORE, run(counts("a", passed_over=("old",))))
    assert not made.judged(no_more_tests_are_passed_over, BEFORE, run(counts("a", "old")))


def test_each_new_one_is_named_with_its_reason() -> None:
    (finding,) = made.judged(
        no_more_tests_are_passed_over, BEFORE, run(counts("a", passed_over=("old", "b")))
    )
    assert (finding.subject, finding.message) == ("b", "b is passed over: rain")


def test_one_for_another_is_not_unchanged() -> None:
    found = made.judged(no_more_tests_are_passed_over, BEFORE, run(counts("old", passed_over=("b",))))
    assert [finding.subject for finding in found] == ["b"]


def test_very_many_are_counted() -> None:
    names = tuple(f"n{number:02}" for number in range(25))
    found = made.judged(no_more_tests_are_passed_over, BEFORE, run(counts(passed_over=names)))
    assert len(found) == 21
    assert found[-1].message.startswith("5 more tests")
