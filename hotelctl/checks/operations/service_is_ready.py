"""OPS006: the service is ready."""

from collections.abc import Iterator
from http import HTTPStatus

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.check import Stage, check
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.running_service import RunningService


@check(
    "OPS006",
    "The service is ready",
    severity=Severity.CRITICAL,
    rationale="A live process without its database refuses every request that matters.",
    remediation="Look at the readiness answer: it names what is missing.",
    stage=Stage.RUNNING,
)
def service_is_ready(service: RunningService) -> Iterator[Finding]:
    """A finding for readiness, and for the database answer where there is one, that is not 200."""
    for what, asked in (("readiness", service.ready), ("database", service.database)):
        if asked is not None and asked.reply.status != HTTPStatus.OK:
            reply = asked.reply
            said = f"answers {reply.status}" if reply.status else f"does not answer: {reply.error}"
            yield Finding(
                subject=asked.url,
                message=f"the {what} request {asked.url} {said}",
                evidence=(exchange(asked),),
                fix=service.last_words,
            )
