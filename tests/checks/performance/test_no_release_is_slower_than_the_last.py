import pytest

from hotelctl.checks.performance.no_release_is_slower_than_the_last import no_release_is_slower_than_the_last
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Measurement
from hotelctl.facts.load_measurement import LoadMeasurement
from tests.checks import made
from tests.checks.performance import trials

BEFORE = trials.measurement(trials.load(), release="r0")
SLOWER = trials.load((0.015,) * 1000)


def test_the_same_speed_passes() -> None:
    assert not made.judged(no_release_is_slower_than_the_last, trials.speed(former=BEFORE))


def test_intervals_that_overlap_are_no_difference() -> None:
    mixed = (*(0.01,) * 940, *(0.5,) * 60)
    assert not made.judged(
        no_release_is_slower_than_the_last, trials.speed(trials.load(mixed), former=BEFORE)
    )


def test_an_interval_beyond_the_last_one_is_a_finding() -> None:
    (finding,) = made.judged(no_release_is_slower_than_the_last, trials.speed(SLOWER, former=BEFORE))
    assert finding.message == (
        "api: the p95 is between 15 ms and 15 ms, that of release r0 was between 10 ms and 10 ms"
    )
    assert finding.evidence == (Measurement("lower bound of the p95", 15, "ms", 10, 1000),)


def test_a_quicker_release_passes() -> None:
    former = trials.measurement(SLOWER, release="r0")
    assert not made.judged(no_release_is_slower_than_the_last, trials.speed(former=former))


@pytest.mark.parametrize(
    ("former", "words"),
    [
        (trials.measurement(trials.load(), host="rack"), "was measured on rack with 2 cores"),
        (trials.measurement(trials.load(), cores=8), "was measured on desk with 8 cores"),
        (trials.measurement(), "was measured with another load"),
        (
            trials.measurement(trials.load(plan=trials.PLAN.model_copy(update={"rate": 1.0}))),
            "was measured with another load",
        ),
        (trials.measurement(trials.load(waited=500)), "500 of 1000 requests waited"),
        (trials.measurement(trials.load((0.01,) * 20)), "has no upper bound"),
    ],
)
def test_what_cannot_be_compared_is_unknown(former: LoadMeasurement, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        made.judged(no_release_is_slower_than_the_last, trials.speed(SLOWER, former=former))


def test_the_first_release_has_none_before_it() -> None:
    with pytest.raises(NotApplicable):
        made.judged(no_release_is_slower_than_the_last, trials.speed())


def test_nothing_measured_is_unknown_with_the_command() -> None:
    with pytest.raises(Unavailable, match="api: nothing was measured of release r1; hotelctl bench"):
        made.judged(no_release_is_slower_than_the_last, trials.UNMEASURED)
