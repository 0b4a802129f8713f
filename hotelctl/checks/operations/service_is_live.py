"""OPS005: the service is live."""

from collections.abc import Iterator
from http import HTTPStatus

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.running_service import RunningService


@check(
    "OPS005",
    "The service is live",
    severity=Severity.CRITICAL,
    rationale="A process that does not answer serves nobody.",
    remediation="Read the release's log; hotelctl rollback --to VERSION brings another good one back.",
    stage=Stage.RUNNING,
)
def service_is_live(service: RunningService) -> Iterator[Finding]:
    """A finding when the answer is not 200."""
    reply = service.live.reply
    if reply.status != HTTPStatus.OK:
        said = f"answers {reply.status}" if reply.status else f"does not answer: {reply.error}"
        yield Finding(
            subject=service.live.url,
            message=f"the health request {service.live.url} {said}",
            evidence=(exchange(service.live),),
            fix=service.last_words,
        )
