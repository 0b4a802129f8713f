"""EXT006: webhooks take what is signed with their secret, and nothing else."""

from collections.abc import Iterator
from http import HTTPStatus

from hotelctl.checks.operations.exchange import exchange
from hotelctl.core.check import Stage, check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.facts.webhook_rounds import Delivery, WebhookRound, Webhooks


@check(
    "EXT006",
    "Webhooks take what is signed with their secret, and nothing else",
    severity=Severity.MEDIUM,
    rationale="A webhook that refuses its sender loses payments; one that takes anybody's word books them.",
    remediation="Hold the signature against the very bytes that came, with the secret of this endpoint.",
    stage=Stage.SANDBOX,
)
def webhooks_know_their_sender(webhooks: Webhooks, sandbox: SandboxAnswers) -> Iterator[Finding]:
    """A finding for each message that was refused though signed, or taken though signed badly."""
    rounds = {one.name: one for one in sandbox.webhooks}
    for name in webhooks.configured:
        if name not in rounds:
            raise Unavailable(f"{name}: the sandbox was sent no message")
        yield from _findings(rounds[name])


def _findings(one: WebhookRound) -> Iterator[Finding]:
    for delivery in one.deliveries:
        status = delivery.asked.reply.status or 0
        if delivery.welcome and status not in range(HTTPStatus.OK, HTTPStatus.MULTIPLE_CHOICES):
            yield _finding(one, delivery, f"was refused with {status}", Severity.MEDIUM)
        elif not delivery.welcome and status not in range(
            HTTPStatus.BAD_REQUEST, HTTPStatus.INTERNAL_SERVER_ERROR
        ):
            yield _finding(one, delivery, f"was answered {status}, not refused", Severity.HIGH)


def _finding(one: WebhookRound, delivery: Delivery, what: str, severity: Severity) -> Finding:
    return Finding(
        subject=f"{one.name} {delivery.asked.sent}",
        message=f"{delivery.asked.request} {what}",
        evidence=(exchange(delivery.asked),),
        fix=f"hold the signature against the body as it came, by {one.variable}",
        severity=severity,
    )
