import pytest

from hotelctl.checks.services.webhooks_know_their_sender import webhooks_know_their_sender
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Finding, Severity
from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.facts.webhook_rounds import Delivery, WebhookRound, Webhooks
from tests.checks import made
from tests.checks.security.answers import asked, live


def delivery(status: int, *, welcome: bool) -> Delivery:
    sent = "a message signed with the secret" if welcome else "a message that is not signed"
    return Delivery(asked("POST /hooks/pay", status, sent=sent), welcome)


def found(*deliveries: Delivery, name: str = "pay") -> list[Finding]:
    sandbox = SandboxAnswers(live(), None, webhooks=(WebhookRound("pay", "HOOK_SECRET", deliveries),))
    return made.judged(webhooks_know_their_sender, Webhooks((name,)), sandbox)


@pytest.mark.parametrize("refused", [400, 401, 403, 422])
def test_taking_the_one_and_refusing_the_other_is_fine(refused: int) -> None:
    assert not found(delivery(204, welcome=True), delivery(refused, welcome=False))


@pytest.mark.parametrize("status", [400, 404, 501, 302])
def test_a_signed_message_that_is_refused_is_a_finding(status: int) -> None:
    (finding,) = found(delivery(status, welcome=True), delivery(400, welcome=False))
    assert (
        finding.message == f"POST /hooks/pay with a message signed with the secret was refused with {status}"
    )
    assert (finding.severity, "HOOK_SECRET" in finding.fix) == (Severity.MEDIUM, True)


@pytest.mark.parametrize("status", [200, 302, 500])
def test_a_message_of_a_stranger_that_is_not_refused_is_worse(status: int) -> None:
    (finding,) = found(delivery(200, welcome=True), delivery(status, welcome=False))
    assert finding.message.endswith(f"with a message that is not signed was answered {status}, not refused")
    assert finding.severity is Severity.HIGH


def test_one_that_was_sent_nothing_is_in_doubt() -> None:
    with pytest.raises(Unavailable, match="mail: the sandbox was sent no message"):
        found(delivery(200, welcome=True), name="mail")
