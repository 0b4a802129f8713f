from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.redact import by_shape
from hotelctl.core.report import LockTimeline, TimedStatement
from hotelctl.render.lock_part import LockTimelinePart, lock_part
from hotelctl.render.time_axis import edges, ms, ticks
from tests.render.made import LOCKS


def lasting(*took_ms: float) -> LockTimelinePart:
    ends = [sum(took_ms[: n + 1]) for n in range(len(took_ms))]
    statements = tuple(
        TimedStatement("SELECT 1", 1, end - took, end) for took, end in zip(took_ms, ends, strict=True)
    )
    return lock_part(LockTimeline(sum(took_ms), statements, LOCKS.bars[:1]), by_shape)


def test_alike_statements_share_the_axis_alike() -> None:
    assert edges(lasting(5, 5)) == (0, 0.5, 1)
    assert edges(lasting(0, 0)) == (0, 0.5, 1)


def test_the_shortest_can_be_seen_beside_the_longest() -> None:
    _, first, second, _ = edges(lasting(0.1, 1000, 100))
    assert first == pytest.approx(0.05, abs=0.01)
    assert second - first > 0.7


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=60))
def test_none_is_drawn_shorter_than_one_that_took_less(took_ms: list[int]) -> None:
    found = edges(lasting(*took_ms))
    widths = [end - begin for begin, end in pairwise(found)]
    assert found[-1] == 1
    assert min(widths) >= min(0.05, 0.5 / len(took_ms)) - 1e-6
    pairs = sorted(zip(took_ms, widths, strict=True))
    assert all(early[1] <= late[1] + 1e-6 for early, late in pairwise(pairs))


def test_times_stand_apart_and_the_ends_always_do() -> None:
    assert ticks(lasting(10, 10, 10, 10), 0.2) == (
        (0, "0 ms"),
        (0.25, "10.0 ms"),
        (0.5, "20.0 ms"),
        (1, "40.0 ms"),
    )
    assert ticks(lasting(1, 1), 0.9) == ((0, "0 ms"), (1, "2.0 ms"))


def test_times_have_as_many_figures_as_they_can_be_trusted_for() -> None:
    assert [ms(one) for one in (0, 0.04, 9.96, 100, 1234.5)] == [
        "0 ms",
        "0.0 ms",
        "10.0 ms",
        "100 ms",
        "1,234 ms",
    ]
