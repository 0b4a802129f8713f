from hotelctl.core.deadline import Deadline
from tests.fakes.clock import FakeClock


def test_a_deadline_counts_down_to_zero_and_stays_there() -> None:
    clock = FakeClock()
    clock.advance(100)
    deadline = Deadline.after(2.5, clock.monotonic)
    assert (deadline.remaining_s(), deadline.passed()) == (2.5, False)
    clock.advance(2)
    assert (deadline.remaining_s(), deadline.passed()) == (0.5, False)
    clock.advance(0.5)
    assert (deadline.remaining_s(), deadline.passed()) == (0.0, True)
    clock.advance(9)
    assert (deadline.remaining_s(), deadline.passed()) == (0.0, True)


def test_no_time_at_all_has_passed_at_once() -> None:
    assert Deadline.after(0, FakeClock().monotonic).passed()
