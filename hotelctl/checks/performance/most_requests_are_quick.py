"""PRF001: 95 of 100 requests are answered within the limit of their load."""

from collections.abc import Iterator

from hotelctl.checks.performance.latency import percentiles
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.speed import Speed


@check(
    "PRF001",
    "95 of 100 requests are answered within their limit",
    severity=Severity.HIGH,
    rationale="One request in twenty is slower than this: whoever uses the service for a while meets it.",
    remediation="Look at what the slow requests wait for, or allow more in [performance.NAME] p95_s. Where "
    "the interval holds the limit, a longer measurement tells.",
    stage=Stage.RUNNING,
)
def most_requests_are_quick(speed: Speed) -> Iterator[Finding]:
    """A finding for each load whose true p95 is beyond its limit."""
    yield from percentiles(speed, lambda found: found.p95, lambda target: target.p95_s, "p95_s")
