"""Trials that nobody had to wait for."""

import math

from benchmarks.service.figures import Statements
from benchmarks.service.generator import Outcome
from benchmarks.service.meter import Usage
from benchmarks.service.trial import Trial


def outcome(*latencies_s: float | None, rate: float = 50, achieved: float | None = None) -> Outcome:
    """What came of these requests."""
    errors = {"timeout": count} if (count := latencies_s.count(None)) else {}
    reached = rate if achieved is None else achieved
    return Outcome(list(latencies_s), errors, [], rate, reached, generator_cpu_s=0.1, duration_s=10)


def usage(others_s: float = 0.0) -> Usage:
    """Ten seconds of two cores."""
    by = {
        "service": 5.0,
        "bare": 0.0,
        "postgres": 2.0,
        "generator": 1.0,
        "benchmark": 0.1,
        "others": others_s,
    }
    return Usage(10.0, 2, by)


def trial(
    *latencies_s: float | None, others_s: float = 0.0, rate: float = 50, achieved: float | None = None
) -> Trial:
    """A trial with these latencies; others used the cores for so long."""
    statements = Statements(
        {"select users": {0.005: 99.0, 0.01: 100.0, math.inf: 100.0}}, {"select users": 0.2}
    )
    return Trial(outcome(*latencies_s, rate=rate, achieved=achieved), usage(others_s), 0.1, statements)
