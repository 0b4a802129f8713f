from hotelctl.checks.tests.no_test_needs_a_second_try import no_test_needs_a_second_try
from tests.checks import made
from tests.checks.tests.runs import counts, run


def test_tests_that_pass_at_once_are_fine() -> None:
    assert not made.judged(no_test_needs_a_second_try, run(counts("a"), "1 passed in 0.10s"))


def test_each_that_failed_first_is_named() -> None:
    (finding,) = made.judged(no_test_needs_a_second_try, run(counts("a", retried=("a",)), "1 rerun"))
    assert finding.message == "a passed after it had failed: boom"


def test_where_only_the_number_is_known_it_is_told() -> None:
    (finding,) = made.judged(no_test_needs_a_second_try, run(counts("a"), "4 passed, 2 rerun in 0.10s"))
    assert (finding.subject, finding.message[:12]) == ("reruns", "2 tries were")
