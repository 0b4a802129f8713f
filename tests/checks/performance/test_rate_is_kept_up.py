import pytest

from hotelctl.checks.performance.rate_is_kept_up import rate_is_kept_up
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Measurement
from tests.checks import made
from tests.checks.performance import trials


@pytest.mark.parametrize(("limit_s", "least"), [(0.2, 980), (None, 989), (4, 890)])
def test_the_last_may_be_on_their_way_for_as_long_as_they_may_take(limit_s: float | None, least: int) -> None:
    def judged(answered: int) -> list[Finding]:
        one = trials.load(answered_in_time=answered)
        return made.judged(rate_is_kept_up, trials.speed(one, p95_s=limit_s, p99_s=None))

    assert not judged(1000)
    assert not judged(least)
    assert judged(least - 1)


def test_a_service_that_falls_behind_is_a_finding() -> None:
    (finding,) = made.judged(rate_is_kept_up, trials.speed(trials.load(answered_in_time=800)))
    assert finding.message == "api: 40 of 50 requests a second were answered"
    assert finding.evidence == (Measurement("answers", 40, "1/s", 49.5, 1000),)


def test_a_generator_that_falls_behind_tells_nothing_of_the_service() -> None:
    speed = trials.speed(trials.load(answered_in_time=800, generator_cpu_s=24.5))
    with pytest.raises(Unavailable, match=r"kept 0\.98 cores busy"):
        made.judged(rate_is_kept_up, speed)


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(rate_is_kept_up, trials.UNMEASURED)
