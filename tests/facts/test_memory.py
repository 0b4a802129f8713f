from typing import Any

from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.memory import counted, growth, peak_bytes, weigh_growth, weigh_peak
from tests.checks.performance import trials

MB = 1_000_000
LONG = trials.PLAN.model_copy(update={"seconds": 60})


def _held(*megabytes: float, **changes: Any) -> MeasuredLoad:  # noqa: ANN401 - any field
    """So much for a second each, of a load with a warm-up of five."""
    memory = trials.memory([round(held * MB) for held in megabytes])
    return trials.load(**{"plan": LONG, "memory": memory, **changes})


def _steady(rise: float = 0.0) -> MeasuredLoad:
    """A hundred megabytes that `rise` in a minute, a little up and down."""
    return _held(*(100 + rise * second / 60 + (-1) ** second / 100 for second in range(66)))


def test_the_peak_is_of_the_whole_load_and_the_growth_of_what_is_counted() -> None:
    one = _held(10, 150, 90, 90, *(100,) * 62)
    assert peak_bytes(one) == 150 * MB
    assert len(counted(one)) == 61
    found = growth(one)
    assert found is not None
    assert (found.low, found.value, found.high) == (0, 0, 0)


def test_without_samples_there_is_neither() -> None:
    for one in (trials.load(), _held()):
        assert (peak_bytes(one), growth(one), counted(one)) == (None, None, ())


def test_a_peak_is_held_against_its_limit() -> None:
    assert weigh_peak(_steady(), 101 * MB) == (Status.PASSED, "")
    assert weigh_peak(_steady(), 100 * MB) == (Status.FAILED, "")


def test_growth_is_held_against_its_limit_by_its_interval() -> None:
    assert weigh_growth(_steady(1), 2 * MB) == (Status.PASSED, "")
    assert weigh_growth(_steady(3), 2 * MB) == (Status.FAILED, "")
    assert weigh_growth(_steady(-3), 0) == (Status.PASSED, "")


def test_growth_around_the_limit_is_no_verdict() -> None:
    status, why = weigh_growth(_held(*(100 + (second % 20) for second in range(66))), MB / 10)
    assert status is Status.UNKNOWN
    assert why.startswith("it grows by between -")
    assert why.endswith("MB a minute, the limit of 0.1 MB is, too; a longer measurement would tell")


def test_too_short_a_time_tells_no_growth() -> None:
    short = trials.load(memory=trials.memory([100 * MB] * 26))
    assert weigh_growth(short, MB) == (
        Status.UNKNOWN,
        "21 samples after the warm-up tell no growth, that needs 30",
    )
    assert weigh_peak(short, 100 * MB) == (Status.PASSED, "")
    moment = trials.PLAN.model_copy(update={"seconds": 1, "warm_up_s": 0})
    two = trials.load(plan=moment, memory=trials.memory([MB, MB]))
    assert weigh_peak(two, MB) == (Status.UNKNOWN, "2 samples tell no peak, that needs 3")


def _in_doubt(one: MeasuredLoad) -> str:
    peak, more = weigh_peak(one, 200 * MB), weigh_growth(one, MB)
    assert peak == more
    assert peak[0] is Status.UNKNOWN
    return peak[1]


def test_samples_that_are_missing_never_pass() -> None:
    assert _in_doubt(trials.load()) == "the measurement is without its memory"
    assert _in_doubt(_held(*(100,) * 40)) == "only 40 of 65 samples of its memory were taken"
    ended = trials.memory([100 * MB] * 66, trouble="it ended")
    assert _in_doubt(_held(memory=ended)) == "it ended"


def test_a_load_that_held_back_shows_no_thrift() -> None:
    assert "requests waited" in _in_doubt(_held(*(100,) * 66, waited=500))


def test_what_is_beyond_its_limit_is_so_in_any_measurement() -> None:
    ended = trials.memory([300 * MB] * 3, trouble="it ended")
    assert weigh_peak(_held(memory=ended), 200 * MB) == (Status.FAILED, "")
    rising = _held(*(100 + second for second in range(66)), waited=500)
    assert weigh_growth(rising, MB) == (Status.FAILED, "")
