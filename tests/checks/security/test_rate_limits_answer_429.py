import pytest

from hotelctl.checks.security.rate_limits_answer_429 import rate_limits_answer_429
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.declared_security import DeclaredLimits
from tests.checks import made
from tests.checks.security.answers import flood, sandbox

LIMIT = DeclaredLimits(1)


def test_a_limit_that_holds_and_says_when_to_come_again_is_fine() -> None:
    assert not made.judged(rate_limits_answer_429, LIMIT, sandbox())


@pytest.mark.parametrize("status", [200, 401, 503])
def test_one_that_does_not_hold_is_a_finding(status: int) -> None:
    (finding,) = made.judged(rate_limits_answer_429, LIMIT, sandbox(floods=(flood(status),)))
    assert finding.message == f"POST /log-in still answers {status} after 11 requests; 5 are allowed"


def test_one_that_does_not_say_when_is_told_mildly() -> None:
    (finding,) = made.judged(rate_limits_answer_429, LIMIT, sandbox(floods=(flood(429),)))
    assert finding.severity is Severity.LOW


def test_what_was_not_tried_is_not_green() -> None:
    with pytest.raises(Unavailable, match="0 of 1 limits were tried"):
        made.judged(rate_limits_answer_429, LIMIT, sandbox(floods=()))
    with pytest.raises(Unavailable, match="no seed"):
        made.judged(rate_limits_answer_429, LIMIT, sandbox(floods=(), no_people="no seed"))
