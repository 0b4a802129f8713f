"""How the former release is asked beside the new one, which must not keep the watch waiting."""

import pytest

from hotelctl.deploy.yardstick import Yardstick
from tests.fakes.clock import FakeClock


class Asked:
    """Each ask takes so long; the one called `fails_at` gives no answer."""

    def __init__(self, clock: FakeClock, seconds: float, fails_at: int = 0) -> None:
        self.clock, self.seconds, self.fails_at, self.times = clock, seconds, fails_at, 0

    def __call__(self) -> float | None:
        self.times += 1
        self.clock.advance(self.seconds)
        return None if self.times == self.fails_at else self.seconds


@pytest.mark.parametrize(("seconds", "times"), [(0.01, 10), (0.3, 4), (2.0, 1)])
def test_it_is_asked_ten_times_but_for_a_second_at_most(seconds: float, times: int) -> None:
    asked = Asked(clock := FakeClock(), seconds)
    assert Yardstick(asked, clock).usual() == pytest.approx(seconds)
    assert asked.times == times


@pytest.mark.parametrize("fails_at", [1, 3])
def test_after_no_answer_it_is_not_asked_again(fails_at: int) -> None:
    asked = Asked(clock := FakeClock(), 0.05, fails_at)
    one = Yardstick(asked, clock)
    assert one.usual() is None
    assert (one.took(), one.took(), asked.times) == (None, None, fails_at)


def test_each_look_asks_once_until_there_is_no_answer() -> None:
    asked = Asked(clock := FakeClock(), 0.05, fails_at=3)
    one = Yardstick(asked, clock)
    assert [one.took() for _ in range(5)] == [0.05, 0.05, None, None, None]
    assert asked.times == 3
