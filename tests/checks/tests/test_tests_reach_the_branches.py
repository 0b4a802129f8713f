from dataclasses import replace

from hotelctl.checks.tests.tests_reach_the_branches import tests_reach_the_branches as the_check
from hotelctl.core.finding import Location
from hotelctl.facts.coverage import Coverage
from tests.checks import made

GOOD = Coverage("coverage.xml", 200, 170, 0.85, Location("hotelctl.toml", 4))


def test_the_target_itself_is_enough() -> None:
    assert not made.judged(the_check, GOOD)


def test_less_is_a_finding_with_the_numbers() -> None:
    (finding,) = made.judged(the_check, replace(GOOD, covered=169))
    assert finding.message == ("coverage.xml: the tests reach 169 of 200 branches, 84.5%; the target is 85%")
    assert str(finding.location) == "hotelctl.toml:4"
