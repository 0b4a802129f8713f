import pytest

from hotelctl.checks.performance.samples_are_large_enough import samples_are_large_enough
from hotelctl.core.errors import NotApplicable, Unavailable
from tests.checks import made
from tests.checks.performance import trials


def test_three_hundred_requests_are_enough_for_both() -> None:
    assert not made.judged(samples_are_large_enough, trials.speed(trials.load((0.01,) * 299)))


def test_fewer_are_enough_for_a_p95_alone() -> None:
    assert not made.judged(samples_are_large_enough, trials.speed(trials.load((0.01,) * 59), p99_s=None))


@pytest.mark.parametrize(("n", "needed", "p99_s"), [(298, 299, 0.5), (58, 59, None)])
def test_a_small_sample_is_unknown(n: int, needed: int, p99_s: float | None) -> None:
    speed = trials.speed(trials.load((0.01,) * n), p99_s=p99_s)
    with pytest.raises(
        Unavailable, match=f"api: {n} requests were counted, {needed} are needed; hotelctl bench"
    ):
        made.judged(samples_are_large_enough, speed)


def test_without_a_limit_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable):
        made.judged(samples_are_large_enough, trials.speed(p95_s=None, p99_s=None))


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(samples_are_large_enough, trials.UNMEASURED)
