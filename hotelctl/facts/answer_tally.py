"""Answers counted, and how likely it is that chance alone makes two counts differ."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from hotelctl.facts.edge_log import Answer


@dataclass(frozen=True, slots=True)
class Tally:
    """`n` answers of which `errors` failed; `p95_s` is of all of them, None of none."""

    n: int
    errors: int
    p95_s: float | None

    @property
    def share(self) -> float:
        """The part that failed."""
        return self.errors / self.n if self.n else 0.0


NOTHING = Tally(0, 0, None)


def tally(answers: Sequence[Answer]) -> Tally:
    """How many there are, how many failed, and how soon 95 of 100 came."""
    return Tally(len(answers), sum(one.failed for one in answers), p95([one.seconds for one in answers]))


def p95(seconds: Sequence[float]) -> float | None:
    """By nearest rank; None of nothing."""
    ordered = sorted(seconds)
    return ordered[math.ceil(len(ordered) * 0.95) - 1] if ordered else None


def chance_of_more(now: Tally, before: Tally) -> float:
    """How likely `now` has so many errors or more if both have the same true share: Fisher's exact test.

    Unlike a test against the share that was seen before, it knows that this one was seen by chance, too.
    """
    total, errors = now.n + before.n, now.errors + before.errors
    whole = _ways(total, now.n)
    most = min(errors, now.n)
    terms = (
        _ways(errors, k) + _ways(total - errors, now.n - k) - whole
        for k in range(now.errors, most + 1)
        if now.n - k <= total - errors
    )
    return min(1.0, math.fsum(map(math.exp, terms)))


def chance_above(errors: int, n: int, share: float) -> float:
    """How likely `n` answers have so many errors or more if `share` is the true one."""
    if not errors:
        return 1.0
    if share <= 0:
        return 0.0
    if share >= 1:
        return 1.0
    yes, no = math.log(share), math.log1p(-share)
    terms = (_ways(n, k) + k * yes + (n - k) * no for k in range(errors, n + 1))
    return min(1.0, math.fsum(map(math.exp, terms)))


def _ways(n: int, k: int) -> float:
    """The logarithm of how many ways there are to choose `k` of `n`."""
    return math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1)
