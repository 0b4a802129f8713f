"""Figures made of samples: percentiles that hold the failures, spread over rounds, slopes, histograms."""

import math
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

# Student's t for 95 % with 28 degrees of freedom; more samples only make it smaller.
_T = 2.05
_SAMPLE = re.compile(r"^hotel_db_query_seconds_(bucket|sum|count)\{(.*)\} (\S+)$", re.MULTILINE)
_POOL = re.compile(r"^hotel_db_pool_(size|checked_out|waiting) (\S+)$", re.MULTILINE)
_LABEL = re.compile(r'(\w+)="([^"]*)"')


def percentile_ms(latencies_s: Iterable[float | None], share: float) -> float | None:
    """The nearest-rank percentile; None where it falls on a request that failed, or of nothing."""
    ordered = sorted(math.inf if latency is None else latency for latency in latencies_s)
    if not ordered:
        return None
    found = ordered[max(0, math.ceil(len(ordered) * share / 100) - 1)]
    return None if math.isinf(found) else found * 1000


@dataclass(frozen=True, slots=True)
class Spread:
    """Median, least and greatest of rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, values: Sequence[float | None]) -> "Spread | None":
        """The spread of these; None when there are none, or when one of them could not be had."""
        known = [value for value in values if value is not None]
        if not known or len(known) < len(values):
            return None
        return cls(statistics.median(known), min(known), max(known))


@dataclass(frozen=True, slots=True)
class Slope:
    """Change by unit of time: the estimate, and between which values it lies (95 %)."""

    value: float
    low: float
    high: float

    @property
    def holds_zero(self) -> bool:
        """Whether no change explains the samples as well."""
        return self.low <= 0 <= self.high


def slope(points: Sequence[tuple[float, float]]) -> Slope:
    """The least-squares slope of at least three points."""
    times, values = zip(*points, strict=True)
    line = statistics.linear_regression(times, values)
    middle = statistics.fmean(times)
    around = sum((at - middle) ** 2 for at in times)
    left = sum((value - line.slope * at - line.intercept) ** 2 for at, value in points)
    reach = _T * math.sqrt(left / (len(points) - 2) / around)
    return Slope(line.slope, line.slope - reach, line.slope + reach)


@dataclass(frozen=True, slots=True)
class Pool:
    """Connections of the service at one moment, and who waits for one."""

    size: int
    used: int
    waiting: int

    @classmethod
    def read(cls, metrics: str) -> "Pool":
        """What /metrics told."""
        told = {name: int(float(value)) for name, value in _POOL.findall(metrics)}
        return cls(told["size"], told["checked_out"], told["waiting"])


@dataclass(frozen=True, slots=True)
class Statements:
    """The service's own histogram of its statements: cumulative counts by upper bound, and sums by name."""

    below: Mapping[str, Mapping[float, float]]
    sums: Mapping[str, float]

    @classmethod
    def read(cls, metrics: str) -> "Statements":
        """What /metrics told."""
        below: dict[str, dict[float, float]] = {}
        sums: dict[str, float] = {}
        for kind, labels, value in _SAMPLE.findall(metrics):
            told = dict(_LABEL.findall(labels))
            if kind == "bucket":
                below.setdefault(told["name"], {})[float(told["le"])] = float(value)
            elif kind == "sum":
                sums[told["name"]] = float(value)
        return cls(below, sums)

    def since(self, before: "Statements") -> "Statements":
        """Only what came after `before`."""
        below = {
            name: {
                bound: count - before.below.get(name, {}).get(bound, 0.0) for bound, count in bounds.items()
            }
            for name, bounds in self.below.items()
        }
        sums = {name: value - before.sums.get(name, 0.0) for name, value in self.sums.items()}
        return Statements(below, sums)

    @property
    def count(self) -> int:
        """How many statements."""
        return int(sum(bounds[math.inf] for bounds in self.below.values()))

    def percentile_ms(self, share: float) -> float | None:
        """An upper bound of the percentile over all statements: the end of the bucket that it falls into."""
        bounds = sorted({bound for each in self.below.values() for bound in each})
        for bound in bounds:
            if self.count and sum(each[bound] for each in self.below.values()) >= self.count * share / 100:
                return bound * 1000
        return None

    def slowest_ms(self) -> tuple[str, float] | None:
        """The statement with the highest mean, and that mean."""
        means = {
            name: 1000 * self.sums[name] / bounds[math.inf]
            for name, bounds in self.below.items()
            if bounds[math.inf]
        }
        name = max(means, key=means.__getitem__, default=None)
        return None if name is None else (name, means[name])
