import random

import pytest

from hotelctl.facts.slope import FEWEST, slope

SECONDS = range(120)


def _noisy(draw: random.Random, like: float) -> list[float]:
    """Three more in each unit of 60, and noise that keeps `like` of itself."""
    noise, values = 0.0, []
    for second in SECONDS:
        noise = like * noise + draw.gauss(0, 1)
        values.append(3 * second / 60 + noise)
    return values


def test_a_line_is_told_exactly() -> None:
    found = slope([n / 2 for n in range(40)], [7 + 3 * n for n in range(40)])
    assert found is not None
    assert (found.low, found.value, found.high) == pytest.approx((6, 6, 6))


def test_what_stays_the_same_does_not_rise() -> None:
    found = slope(range(FEWEST), [5.0] * FEWEST)
    assert found is not None
    assert (found.low, found.value, found.high) == (0, 0, 0)


def test_of_too_few_nothing_is_told() -> None:
    assert slope(range(FEWEST - 1), [5.0] * (FEWEST - 1)) is None
    assert slope((), ()) is None
    assert slope([1.0] * FEWEST, [5.0] * FEWEST) is None


@pytest.mark.parametrize(("like", "least"), [(0.0, 0.93), (0.8, 0.89)])
def test_the_interval_holds_the_true_slope_as_often_as_it_says(like: float, least: float) -> None:
    draw = random.Random(7)  # noqa: S311 - the same numbers every time, nothing secret
    tries, held = 400, 0
    for _ in range(tries):
        found = slope([second / 60 for second in SECONDS], _noisy(draw, like))
        assert found is not None
        held += found.low <= 3 <= found.high
    assert held / tries >= least


def test_an_interval_of_independent_values_is_no_wider_than_it_must_be() -> None:
    found = slope(range(100), [(-1.0) ** n for n in range(100)])
    assert found is not None
    # By the textbook: t of 98 degrees times the error of the slope.
    assert found.high - found.low == pytest.approx(2 * 1.9845 * 0.003499, rel=0.01)
