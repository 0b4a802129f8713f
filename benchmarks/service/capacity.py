"""The highest rate that is kept up: nothing fails, nothing is late, the queue does not grow."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.service.figures import percentile_ms
from benchmarks.service.trial import Trial

LATEST_MS = 200.0
LEAST_SHARE = 0.99
_STEP = 1.5
_HALVINGS = 4
_LEAST_RATE = 5.0
_MOST_RATE = 20_000.0
_REST_S = 1.0


@dataclass(frozen=True, slots=True)
class Kept:
    """The rate that was kept up, what the cores did at it, and whether any trial was disturbed."""

    rate: float
    server_cpu_ms: float
    generator_share: float
    disturbed: bool


def is_kept(trial: Trial) -> bool:
    """Whether the trial's rate can go on for ever."""
    outcome = trial.outcome
    p95_ms = percentile_ms(outcome.latencies_s, 95)
    in_time = p95_ms is not None and p95_ms <= LATEST_MS
    return in_time and not outcome.errors and outcome.achieved_rate >= LEAST_SHARE * outcome.wanted_rate


def kept(run: Callable[[float], Trial], start: float, server: str) -> Kept:
    """The highest rate, to about 3 %: found by steps up or down from `start`, then by halves."""
    trials: list[Trial] = []

    def holds(rate: float) -> bool:
        trials.append(run(rate))
        good = is_kept(trials[-1])
        if not good:
            time.sleep(_REST_S)
        return good

    low, high = _bracket(holds, start)
    for _ in range(_HALVINGS):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if holds(middle) else (low, middle)
    best = max((t for t in trials if is_kept(t)), key=lambda t: t.outcome.wanted_rate, default=None)
    if best is None:
        return Kept(0.0, 0.0, 0.0, any(t.usage.disturbed for t in trials))
    requests = best.outcome.wanted_rate * best.outcome.duration_s
    return Kept(
        best.outcome.wanted_rate,
        1000 * best.usage.by[server] / requests,
        best.usage.share("generator"),
        any(trial.usage.disturbed for trial in trials),
    )


def _bracket(holds: Callable[[float], bool], start: float) -> tuple[float, float]:
    """A rate that holds and the next one that does not."""
    low = high = start
    if holds(start):
        while high < _MOST_RATE:
            low, high = high, high * _STEP
            if not holds(high):
                break
        return low, high
    while low > _LEAST_RATE:
        high, low = low, low / _STEP
        if holds(low):
            break
    return low, high
