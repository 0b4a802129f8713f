"""PRF002: 99 of 100 requests are answered within the limit of their load."""

from collections.abc import Iterator

from hotelctl.checks.performance.latency import percentiles
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.speed import Speed


@check(
    "PRF002",
    "99 of 100 requests are answered within their limit",
    severity=Severity.MEDIUM,
    rationale="A page of many requests meets the slowest hundredth nearly every time it is loaded.",
    remediation="Look at what the slow requests wait for, or allow more in [performance.NAME] p99_s. Where "
    "the interval holds the limit, a longer measurement tells.",
    stage=Stage.RUNNING,
)
def nearly_all_requests_are_quick(speed: Speed) -> Iterator[Finding]:
    """A finding for each load whose true p99 is beyond its limit."""
    yield from percentiles(speed, lambda found: found.p99, lambda target: target.p99_s, "p99_s")
