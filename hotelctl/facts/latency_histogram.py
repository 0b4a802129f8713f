"""Latencies in buckets whose borders are fixed for ever, so that two histograms add up bucket by bucket.

A bucket is 2 % wider than the one before it: what is read of a histogram is at most that far off.
"""

import math
from collections import Counter
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict, Field

from hotelctl.core.report import Bar

LEAST_S = 1e-6
GROWTH = 1.02
_STEP = math.log(GROWTH)
_IN_A_BAR = 8


class Histogram(BaseModel):
    """How many latencies fell into which bucket; `failed` had none, and count as longer than any.

    Bucket k begins at LEAST_S * GROWTH**k and ends where the next begins; the first begins at nothing.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    buckets: dict[int, int] = Field(default_factory=dict)
    failed: int = Field(default=0, ge=0)

    @classmethod
    def of(cls, latencies_s: Iterable[float | None]) -> "Histogram":
        """The histogram of these; None is a request that failed."""
        counts = Counter(None if latency is None else bucket(latency) for latency in latencies_s)
        failed = counts.pop(None, 0)
        return cls(buckets={k: n for k, n in sorted(counts.items()) if k is not None}, failed=failed)

    @property
    def total(self) -> int:
        """How many requests it holds, those that failed with them."""
        return sum(self.buckets.values()) + self.failed

    def bucket_at(self, rank: int) -> int | None:
        """The bucket that holds the latency of `rank`, from 1; None where that request failed."""
        below = 0
        for number, count in sorted(self.buckets.items()):
            below += count
            if below >= rank:
                return number
        return None


def bars(of: Histogram) -> tuple[Bar, ...]:
    """The whole histogram in bars of eight buckets, without a gap; what failed stands at the end."""
    if of.buckets:
        first, last = min(of.buckets) // _IN_A_BAR, max(of.buckets) // _IN_A_BAR
        found = tuple(_bar(of, number) for number in range(first, last + 1))
    else:
        found = ()
    return (*found, Bar(None, None, of.failed)) if of.failed else found


def _bar(of: Histogram, number: int) -> Bar:
    begin, end = number * _IN_A_BAR, (number + 1) * _IN_A_BAR
    return Bar(begin_s(begin), begin_s(end), sum(of.buckets.get(one, 0) for one in range(begin, end)))


def bucket(latency_s: float) -> int:
    """The number of the bucket for a latency."""
    return max(0, math.floor(math.log(latency_s / LEAST_S) / _STEP)) if latency_s > LEAST_S else 0


def begin_s(number: int) -> float:
    """Where a bucket begins; the first begins at nothing."""
    return LEAST_S * GROWTH**number if number else 0.0
