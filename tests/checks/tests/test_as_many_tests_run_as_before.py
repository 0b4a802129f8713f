from hotelctl.checks.tests.as_many_tests_run_as_before import as_many_tests_run_as_before
from tests.checks import made
from tests.checks.tests.runs import counts, earlier, run


def test_as_many_or_more_are_fine_whatever_they_are_called() -> None:
    before = earlier(counts("a", "b", passed_over=("s",)))
    assert not made.judged(as_many_tests_run_as_before, before, run(counts("a", "c")))
    assert not made.judged(as_many_tests_run_as_before, before, run(counts("a", "b", "c")))


def test_fewer_are_a_finding_that_names_what_is_gone() -> None:
    before = earlier(counts("a", "b", "c", "d", "e"))
    (finding,) = made.judged(as_many_tests_run_as_before, before, run(counts("e")))
    assert finding.subject == "executed"
    assert finding.message == "1 tests ran, 5 did for release r1; no longer: a, b, c and 1 more"


def test_a_test_that_is_skipped_now_does_not_run() -> None:
    before = earlier(counts("a", "b"))
    (finding,) = made.judged(as_many_tests_run_as_before, before, run(counts("a", passed_over=("b",))))
    assert finding.message.endswith("; no longer: b")


def test_without_names_the_numbers_stand_alone() -> None:
    before = earlier(counts("a", "a2"))
    (finding,) = made.judged(as_many_tests_run_as_before, before, run(counts()))
    assert "0 tests ran, 2 did" in finding.message
