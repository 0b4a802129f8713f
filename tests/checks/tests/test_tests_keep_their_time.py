import pytest

from hotelctl.checks.tests.tests_keep_their_time import tests_keep_their_time
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.time_budget import TimeBudget
from tests.checks import made
from tests.checks.tests.runs import counts, run

BUDGET = TimeBudget(30.0, Location("hotelctl.toml", 9))


def test_within_the_budget_is_fine() -> None:
    assert not made.judged(tests_keep_their_time, BUDGET, run(counts("a"), duration_s=30.0))


def test_longer_is_a_finding_where_the_budget_stands() -> None:
    (finding,) = made.judged(tests_keep_their_time, BUDGET, run(counts("a"), duration_s=31.5))
    assert finding.message == "the tests took 31.5 s, their budget is 30 s"
    assert str(finding.location) == "hotelctl.toml:9"


def test_a_time_that_nobody_knows_is_unavailable() -> None:
    with pytest.raises(Unavailable, match="no suite says"):
        made.judged(tests_keep_their_time, BUDGET, run(counts("a"), duration_s=None))
