"""PRF005: enough requests were counted for the percentiles that have a limit."""

from collections.abc import Iterator

from hotelctl.checks.performance.every_load import Answer, every_load
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.quantile import fewest
from hotelctl.facts.speed import Speed, Target


@check(
    "PRF005",
    "Enough requests were counted for each percentile",
    severity=Severity.MEDIUM,
    rationale="Of fewer than 59 requests even the slowest says nothing about a p95 with 95 % certainty, of "
    "fewer than 299 none about a p99.",
    remediation="Raise rate or seconds in [performance.NAME].",
    stage=Stage.RUNNING,
)
def samples_are_large_enough(speed: Speed) -> Iterator[Finding]:
    """No finding: what a smaller sample says is unknown. Raises `Unavailable` for it."""
    if not any(trial.target.tightest_s for trial in speed.trials):
        raise NotApplicable("no load has a p95_s or p99_s")
    yield from every_load(speed, _judge)


def _judge(target: Target, one: MeasuredLoad) -> Answer:
    wanted = ((one.outcome.p95, target.p95_s), (one.outcome.p99, target.p99_s))
    needed = max((fewest(found.share) for found, limit in wanted if limit is not None), default=0)
    n = one.outcome.n
    return f"{n} requests were counted, {needed} are needed" if n < needed else None
