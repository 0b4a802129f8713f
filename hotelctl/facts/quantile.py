"""Percentiles of a sample, each with the interval that the true one lies in.

Both bounds are latencies of the sample, chosen by their ranks alone: nothing is supposed of how latencies
are distributed, only that requests do not depend on one another.
Source: order statistics; how many of n values lie below the true quantile is binomial.
"""

import math
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

CONFIDENCE = 0.95
"""How sure each bound is by itself: the true value is above the lower one, and below the upper one."""


class Quantile(BaseModel):
    """The nearest-rank value of `share`, between its bounds.

    `value_s` and `low_s` are None where they fall on a request that failed; `high_s` also where too few
    requests were made for any upper bound.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    share: float
    value_s: float | None
    low_s: float | None
    high_s: float | None


def ordered(latencies_s: Iterable[float | None]) -> list[float]:
    """Shortest first, failed ones as endless at the end."""
    return sorted(math.inf if latency is None else latency for latency in latencies_s)


def quantile(latencies_s: list[float], share: float) -> Quantile:
    """The quantile of `ordered` latencies."""
    n = len(latencies_s)
    low, high = ranks(n, share)

    def at(place: int | None) -> float | None:
        found = latencies_s[place - 1] if place else math.inf
        return None if math.isinf(found) else found

    return Quantile(
        share=share,
        value_s=at(rank(n, share)),
        low_s=at(low) if low else 0.0,
        high_s=at(high),
    )


def rank(n: int, share: float) -> int | None:
    """The nearest rank, from 1; None of nothing."""
    return max(1, math.ceil(n * share - 1e-9)) if n else None


def fewest(share: float) -> int:
    """The sample from which on there is an upper bound: 59 for the 95th percentile, 299 for the 99th."""
    return math.ceil(math.log(1 - CONFIDENCE) / math.log(share))


def ranks(n: int, share: float) -> tuple[int | None, int | None]:
    """The ranks of the lower and the upper bound; None where there is none."""
    low: int | None = None
    below = 0.0
    for count in range(n):
        # Before `count` is added, `below` is the chance of fewer than `count` values below the true one.
        if below <= 1 - CONFIDENCE and count:
            low = count
        below += _chance(n, count, share)
        if below >= CONFIDENCE:
            return low, count + 1
    return low, None


def _chance(n: int, count: int, share: float) -> float:
    """The binomial probability of exactly `count` of `n`."""
    ways = math.lgamma(n + 1) - math.lgamma(count + 1) - math.lgamma(n - count + 1)
    return math.exp(ways + count * math.log(share) + (n - count) * math.log1p(-share))
