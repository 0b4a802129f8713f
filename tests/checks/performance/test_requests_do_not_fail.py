import pytest

from hotelctl.checks.performance.requests_do_not_fail import requests_do_not_fail
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Measurement
from tests.checks import made
from tests.checks.performance import trials

FEW = (*(0.01,) * 990, *(None,) * 10)


def test_no_failure_passes() -> None:
    assert not made.judged(requests_do_not_fail, trials.speed())


def test_errors_and_time_outs_count() -> None:
    speed = trials.speed(trials.load(FEW, errors={"status_503": 4}, timeouts=6))
    (finding,) = made.judged(requests_do_not_fail, speed)
    assert finding.message == "api: 10 of 1000 requests of /ready failed: 6 timeout, 4 status_503"
    assert finding.evidence == (Measurement("share of failed requests", 0.01, "of 1", 0.0, 1000),)
    assert finding.location == trials.PLACE


def test_as_many_as_allowed_may_fail() -> None:
    assert not made.judged(requests_do_not_fail, trials.speed(trials.load(FEW), max_error_share=0.01))
    assert made.judged(requests_do_not_fail, trials.speed(trials.load(FEW), max_error_share=0.009))


def test_no_request_at_all_never_passes() -> None:
    (finding,) = made.judged(requests_do_not_fail, trials.speed(trials.load(())))
    assert finding.message.endswith("failed: none was made")


def test_a_closed_loop_shows_no_absence_of_failures() -> None:
    with pytest.raises(Unavailable, match="its method was 'closed loop'"):
        made.judged(requests_do_not_fail, trials.speed(trials.load(method="closed loop")))


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(requests_do_not_fail, trials.UNMEASURED)
