import pytest

from hotelctl.checks.performance.generator_has_time_left import generator_has_time_left
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Measurement
from tests.checks import made
from tests.checks.performance import trials


def test_a_generator_that_had_time_left_passes() -> None:
    one = trials.load(generator_cpu_s=20, late_p99_s=0.02)
    assert not made.judged(generator_has_time_left, trials.speed(one))


def test_a_core_used_up_is_a_finding() -> None:
    (finding,) = made.judged(generator_has_time_left, trials.speed(trials.load(generator_cpu_s=22)))
    assert finding.message == "api: the generator kept 0.88 cores busy, it can use one"
    assert finding.evidence[0] == Measurement("cores of the generator", 0.88, "cores", 1, 1000)


def test_lateness_beside_the_tightest_limit_is_a_finding() -> None:
    late = trials.load(late_p99_s=0.021)
    (finding,) = made.judged(generator_has_time_left, trials.speed(late))
    assert finding.message == (
        "api: one request in 100 left the generator 21.0 ms or more late, the tightest limit is 200 ms"
    )
    assert not made.judged(generator_has_time_left, trials.speed(late, p95_s=None))


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(generator_has_time_left, trials.UNMEASURED)
