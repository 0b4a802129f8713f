import pytest

from hotelctl.checks.performance.warm_up_is_left_out import warm_up_is_left_out
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Measurement
from tests.checks import made
from tests.checks.performance import trials


def test_a_warm_up_that_was_dropped_passes() -> None:
    assert not made.judged(warm_up_is_left_out, trials.speed())


def test_none_is_a_finding() -> None:
    plan = trials.PLAN.model_copy(update={"warm_up_s": 0.0})
    speed = trials.speed(trials.load(plan=plan, warm_up_dropped=0, planned=1000))
    (finding,) = made.judged(warm_up_is_left_out, speed)
    assert finding.message == "api: all 1000 requests were counted, the first ones too; warm_up_s is 0"
    assert finding.evidence == (Measurement("requests left out", 0, "requests", 1, 1000),)


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(warm_up_is_left_out, trials.UNMEASURED)
