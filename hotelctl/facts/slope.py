"""How steeply a series of values rises, with the interval that the true slope lies in.

Least squares over the times. Neighbours in a series hang together, so it is as uncertain as fewer values that
do not: the interval is widened by how much each residual is like the one before it.
Source: the t interval of a regression's slope; the effective sample size of a first-order autoregression.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist, correlation, linear_regression

CONFIDENCE = 0.95
"""How sure the interval is."""
FEWEST = 30
"""The values from which on a slope is told; of fewer, how like neighbours are cannot be told either."""
_MOST_ALIKE = 0.98


@dataclass(frozen=True, slots=True)
class Slope:
    """What is added in a unit of time, between its bounds."""

    value: float
    low: float
    high: float


def slope(times: Sequence[float], values: Sequence[float]) -> Slope | None:
    """The slope of values in the order of their times; None of fewer than `FEWEST` or of one moment."""
    if len(values) < FEWEST or min(times) == max(times):
        return None
    fit = linear_regression(times, values)
    residuals = [y - fit.intercept - fit.slope * x for x, y in zip(times, values, strict=True)]
    middle, free = sum(times) / len(times), len(values) - 2
    spread = math.sqrt(sum((x - middle) ** 2 for x in times))
    error = math.sqrt(sum(left**2 for left in residuals) / free) / spread
    like = _alike(residuals)
    half = _student(free) * error * math.sqrt((1 + like) / (1 - like))
    return Slope(fit.slope, fit.slope - half, fit.slope + half)


def _alike(residuals: Sequence[float]) -> float:
    """How much each is like the one before it; those that avoid each other count as independent."""
    before, after = residuals[:-1], residuals[1:]
    if len(set(before)) == 1 or len(set(after)) == 1:
        return 0.0
    found = correlation(before, after)
    # What is left beside a fitted line looks less alike than it is, the more so the shorter it is.
    found += (2 + 4 * max(found, 0.0)) / len(residuals)
    return min(max(found, 0.0), _MOST_ALIKE)


def _student(free: int) -> float:
    """Student's t for both sides of `CONFIDENCE`; by its expansion right to 0.001 from 10 degrees on."""
    z = NormalDist().inv_cdf((1 + CONFIDENCE) / 2)
    return z + (z**3 + z) / (4 * free) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * free**2)
