"""Measurements made of latencies by hand, with the figures that follow from them."""

from collections.abc import Sequence
from typing import Any

from hotelctl.core.finding import Location
from hotelctl.facts.latency_histogram import Histogram
from hotelctl.facts.load_measurement import (
    LoadMeasurement,
    LoadOutcome,
    LoadPlan,
    MeasuredLoad,
    MemorySample,
    MemoryUse,
)
from hotelctl.facts.quantile import ordered, quantile
from hotelctl.facts.speed import Speed, Target, Trial
from tests.checks import made

PLACE = Location("hotelctl.toml", 9)
PLAN = LoadPlan(path="/ready", status=200, rate=50, seconds=20, warm_up_s=5, timeout_s=5)
AGAIN = "hotelctl bench"
QUICK = (*(0.01,) * 990, *(0.02,) * 10)


def slow(count: int) -> tuple[float, ...]:
    """A thousand latencies, `count` of them far too long."""
    return (*(0.01,) * (1000 - count), *(0.9,) * count)


def target(**changes: Any) -> Target:  # noqa: ANN401 - any field of the target
    """The load `api` with limits that `QUICK` keeps, changed."""
    good: dict[str, Any] = {
        "name": "api",
        "plan": PLAN,
        "place": PLACE,
        "p95_s": 0.2,
        "p99_s": 0.5,
        "max_error_share": 0.0,
        "max_memory_bytes": None,
        "max_memory_growth_bytes_per_min": None,
    }
    return Target(**(good | changes))


def outcome(latencies_s: Sequence[float | None] = QUICK, **changes: Any) -> LoadOutcome:  # noqa: ANN401 - any field
    """What a generator with time left tells of these latencies; None is an answer 503."""
    every = ordered(latencies_s)
    n, failed = len(every), sum(latency is None for latency in latencies_s)
    good: dict[str, Any] = {
        "n": n,
        "planned": n + 250,
        "warm_up_dropped": 250,
        "answered_in_time": n,
        "errors": {"status_503": failed} if failed else {},
        "timeouts": 0,
        "waited": 0,
        "p50": quantile(every, 0.5),
        "p95": quantile(every, 0.95),
        "p99": quantile(every, 0.99),
        "max_s": max((latency for latency in latencies_s if latency is not None), default=None),
        "late_p99_s": 0.001,
        "generator_cpu_s": 2.0,
        "duration_s": 25.0,
        "histogram": Histogram.of(latencies_s),
    }
    return LoadOutcome(**(good | changes))


def memory(held_bytes: Sequence[int], **changes: Any) -> MemoryUse:  # noqa: ANN401 - any field
    """Samples of these sizes, one a second from the beginning of the load."""
    samples = tuple(MemorySample(at_s=at, resident_bytes=held) for at, held in enumerate(held_bytes))
    return MemoryUse(**{"every_s": 1, "samples": samples, "evidence": "ev-0002", **changes})


def load(latencies_s: Sequence[float | None] = QUICK, **changes: Any) -> MeasuredLoad:  # noqa: ANN401 - any field
    """The load `api`, measured."""
    return MeasuredLoad(
        name="api",
        started_at=made.NOON,
        plan=changes.pop("plan", PLAN),
        memory=changes.pop("memory", None),
        outcome=outcome(latencies_s, **changes),
        evidence="ev-0001",
    )


def measurement(*loads: MeasuredLoad, **changes: Any) -> LoadMeasurement:  # noqa: ANN401 - any field
    """All loads of one run."""
    good: dict[str, Any] = {
        "id": "m1",
        "hotelctl": "1",
        "service": "thing",
        "environment": "local",
        "release": "r1",
        "commit": made.COMMIT,
        "url": "http://127.0.0.1:8080",
        "host": "desk",
        "cores": 2,
        "same_host": True,
        "started_at": made.NOON,
        "loads": loads,
    }
    return LoadMeasurement(**(good | changes))


def speed(one: MeasuredLoad | None = None, *, former: LoadMeasurement | None = None, **changes: Any) -> Speed:  # noqa: ANN401 - any field of the target
    """What the probe tells of one load that was measured."""
    found = one or load()
    trial = Trial(target(**{"plan": found.plan, **changes}), found)
    return Speed((trial,), AGAIN, "m1/measurement.json", measurement(found), former)


UNMEASURED = Speed((Trial(target(), None, "nothing was measured of release r1"),), AGAIN)
