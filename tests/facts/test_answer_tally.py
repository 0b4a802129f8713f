from fractions import Fraction
from math import comb

import pytest

from hotelctl.facts.answer_tally import NOTHING, Tally, chance_above, chance_of_more, p95, tally
from hotelctl.facts.edge_log import Answer


def test_answers_are_counted() -> None:
    answers = [Answer(0, 500 if n < 3 else 200, n / 100, "GET /") for n in range(1, 101)]
    found = tally(answers)
    assert (found.n, found.errors, found.p95_s, found.share) == (100, 2, 0.95, 0.02)
    assert tally([]) == NOTHING
    assert (NOTHING.share, p95([])) == (0.0, None)
    assert p95([0.3]) == 0.3


def _exactly(now: Tally, before: Tally) -> Fraction:
    """The same by counting whole numbers."""
    total, errors = now.n + before.n, now.errors + before.errors
    ways = sum(comb(errors, k) * comb(total - errors, now.n - k) for k in range(now.errors, errors + 1))
    return Fraction(ways, comb(total, now.n))


@pytest.mark.parametrize(
    ("now", "before"),
    [((50, 10), (500, 10)), ((50, 1), (50, 0)), ((60, 60), (40, 0)), ((20, 0), (20, 5)), ((3, 2), (4, 1))],
)
def test_chance_of_more_is_fishers_exact_test(now: tuple[int, int], before: tuple[int, int]) -> None:
    held = Tally(*now, None), Tally(*before, None)
    assert chance_of_more(*held) == pytest.approx(float(_exactly(*held)), rel=1e-9)


@pytest.mark.parametrize(
    ("errors", "n", "share"), [(4, 50, 0.02), (1, 10, 0.5), (10, 10, 0.5), (3, 500, 0.01)]
)
def test_chance_above_is_the_binomial_tail(errors: int, n: int, share: float) -> None:
    exact = sum(comb(n, k) * share**k * (1 - share) ** (n - k) for k in range(errors, n + 1))
    assert chance_above(errors, n, share) == pytest.approx(exact, rel=1e-9)


def test_where_nothing_can_fail_one_error_is_no_chance_and_where_all_may_none_is_too_many() -> None:
    assert chance_above(0, 9, 0.0) == 1.0
    assert chance_above(1, 9, 0.0) == 0.0
    assert chance_above(9, 9, 1.0) == 1.0
