import math
import random

import pytest

from hotelctl.facts.quantile import CONFIDENCE, fewest, ordered, quantile, rank, ranks

INFINITE = math.inf


def test_the_samples_that_have_an_upper_bound_begin_at_59_and_299() -> None:
    assert (fewest(0.95), fewest(0.99)) == (59, 299)
    for share in (0.5, 0.9, 0.95, 0.99):
        n = fewest(share)
        assert ranks(n - 1, share)[1] is None
        assert ranks(n, share)[1] == n


@pytest.mark.parametrize(
    ("n", "share", "expected"), [(100, 0.95, 95), (101, 0.95, 96), (1, 0.5, 1), (20, 0.95, 19)]
)
def test_the_rank_is_the_nearest(n: int, share: float, expected: int) -> None:
    assert rank(n, share) == expected


def test_of_nothing_there_is_nothing() -> None:
    found = quantile([], 0.95)
    assert (found.value_s, found.low_s, found.high_s, rank(0, 0.95)) == (None, 0.0, None, None)


def test_failed_requests_are_longer_than_any() -> None:
    values = ordered([0.2, None, 0.1, None])
    assert values == [0.1, 0.2, INFINITE, INFINITE]
    found = quantile(ordered([0.1] * 500 + [None] * 500), 0.95)
    assert (found.value_s, found.low_s, found.high_s) == (None, None, None)


def test_bounds_are_values_of_the_sample_around_the_quantile() -> None:
    found = quantile([n / 1000 for n in range(1, 1001)], 0.95)
    assert (found.low_s, found.value_s, found.high_s) == (0.938, 0.95, 0.962)


@pytest.mark.parametrize("share", [0.5, 0.95, 0.99])
def test_each_bound_holds_as_often_as_it_says(share: float) -> None:
    draw = random.Random(7)  # noqa: S311 - the same numbers every time, nothing secret
    tries, n = 1500, 320
    below = above = 0
    for _ in range(tries):
        found = quantile(sorted(draw.random() for _ in range(n)), share)
        below += found.low_s is not None and found.low_s <= share
        above += found.high_s is not None and share <= found.high_s
    # Never less often than promised, and no wider than the ranks force it to be.
    for held in (below, above):
        assert CONFIDENCE - 0.02 <= held / tries < 1
