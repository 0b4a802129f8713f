"""A percentile held against its limit."""

from collections.abc import Callable, Iterator

from hotelctl.checks.performance.every_load import Answer, every_load, limited
from hotelctl.core.finding import Finding, Measurement
from hotelctl.core.report import Status
from hotelctl.facts.load_measurement import LoadOutcome, MeasuredLoad
from hotelctl.facts.quantile import Quantile
from hotelctl.facts.speed import Speed, Target, interval, milliseconds, weigh_latency

_MS = 1000


def percentiles(
    speed: Speed,
    figure: Callable[[LoadOutcome], Quantile],
    limit: Callable[[Target], float | None],
    name: str,
) -> Iterator[Finding]:
    """A finding for each load whose `figure` is beyond its `limit`, which the service file calls `name`."""

    def judge(target: Target, one: MeasuredLoad) -> Answer:
        limit_s = limit(target)
        return None if limit_s is None else within(target, one, figure(one.outcome), limit_s, speed.again)

    yield from every_load(limited(speed, limit, name), judge)


def within(target: Target, one: MeasuredLoad, found: Quantile, limit_s: float, again: str) -> Answer:
    """A finding where even its lower bound is beyond the limit, a reason where that cannot be told."""
    name, n = f"p{found.share * 100:g}", one.outcome.n
    status, why = weigh_latency(target, one, found, limit_s)
    if status is not Status.FAILED:
        return why
    return Finding(
        subject=f"{target.name} {name}",
        message=f"{target.name}: {name} of {n} requests of {one.plan.path} at {one.plan.rate:g}/s is "
        f"{milliseconds(found.value_s)}, between {interval(found)}; allowed are {limit_s * _MS:g} ms",
        evidence=(_shown(one, found, name, limit_s),),
        location=target.place,
        fix=again,
    )


def _shown(one: MeasuredLoad, found: Quantile, name: str, limit_s: float) -> Measurement:
    """The percentile; where it falls on a request that failed, how many did."""
    n = one.outcome.n
    if found.value_s is None:
        return Measurement("failed requests", one.outcome.failed, "requests", None, n)
    return Measurement(name, round(found.value_s * _MS, 3), "ms", limit_s * _MS, n)
