"""OPS007: the running commit is the released one."""

from collections.abc import Iterator

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.running_service import RunningService


@check(
    "OPS007",
    "The running commit is the released one",
    severity=Severity.CRITICAL,
    rationale="A green health check of the old release looks exactly like one of the new release.",
    remediation="hotelctl status; deploy again if another process took the port.",
    stage=Stage.RUNNING,
)
def running_commit_is_the_released_one(service: RunningService) -> Iterator[Finding]:
    """A finding when the version answer names another commit, or none, within the time limit."""
    if service.commit == service.expected_commit:
        return
    runs = f"runs {service.commit[:12]}" if service.commit else f"names no commit in {service.commit_field!r}"
    waited = f" after {service.waited_s:.1f} s" if service.waited_s else ""
    yield Finding(
        subject=service.version.url,
        message=f"the service {runs}{waited}, {service.expected_commit[:12]} was released",
        evidence=(exchange(service.version),),
        fix="hotelctl status",
    )
