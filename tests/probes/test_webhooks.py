import json
from typing import Any

import pytest
from stripe import SignatureVerificationError, WebhookSignature

from hotelctl.facts.sandbox_answers import SandboxAnswers
from hotelctl.facts.webhook_rounds import WebhookRound, Webhooks
from hotelctl.probes.interview import Interview
from hotelctl.probes.webhooks import rounds
from tests.fakes.http import FakeHttp
from tests.probes.outside import PAY, outside
from tests.probes.test_artifact import _wheel
from tests.probes.worlds import World

HOOK = {"variable": "HOOK_SECRET", "path": "/hooks/pay", "signature": "stripe"}
URL = "http://127.0.0.1:8001"
SECRET = "whsec_hunter2"


class Verifying(FakeHttp):
    """Takes what Stripe's own library takes; the clock of the fakes stands still, so any age is young."""

    def request(self, method: str, url: str, *, content: bytes | None = None, **more: Any) -> Any:  # noqa: ANN401 - as the fake
        if content is not None:
            self.forget()
            self.answer(method, url, self._status(content.decode(), more["headers"]))
        return super().request(method, url, content=content, **more)

    def _status(self, body: str, headers: dict[str, str]) -> int:
        try:
            WebhookSignature.verify_header(body, headers.get("Stripe-Signature"), SECRET)
        except SignatureVerificationError:
            return 400
        return 200 if json.loads(body)["type"] == "hotelctl.probe" else 422


def world(hook: dict[str, str] | None = None, **env: str) -> World:
    made = outside(release_env=env, pay=PAY | {"webhook": hook or HOOK})
    made.http = Verifying(made.evidence)
    return made


def asked(made: World) -> list[WebhookRound]:
    env, now = made.release_env, int(made.clock.now().timestamp())
    return list(rounds(Interview(made.http, URL), env, now, made.context()))


def test_each_webhook_with_a_secret_is_sent_what_it_must_take_and_what_it_must_not() -> None:
    made = world(HOOK_SECRET=SECRET)
    (one,) = asked(made)
    assert (one.name, one.variable) == ("pay", "HOOK_SECRET")
    assert [(got.asked.reply.status, got.welcome, got.asked.sent) for got in one.deliveries] == [
        (200, True, "a message signed with the secret"),
        (400, False, "a message signed for another body"),
        (400, False, "a message signed with another secret"),
        (400, False, "a message that is not signed"),
        (200, False, "a message signed an hour ago"),
    ]
    assert {got.asked.request.split(" with ")[0] for got in one.deliveries} == {"POST /hooks/pay"}
    assert SECRET not in repr(made.evidence.records)


def test_where_signatures_have_no_time_none_is_old() -> None:
    made = world(HOOK | {"signature": "github"}, HOOK_SECRET=SECRET)
    assert len(asked(made)[0].deliveries) == 4
    assert [sorted(one.headers) for one in made.http.requests][3] == ["Content-Type"]


def test_without_a_secret_nothing_is_sent() -> None:
    assert asked(world(HOOK_SECRET=" ")) == []


def test_the_configured_ones_are_told_and_where_there_is_none_why() -> None:
    assert world(HOOK_SECRET=SECRET).had(Webhooks).value == Webhooks(("pay",))
    assert world().why_not(Webhooks) == (
        "NotApplicable: no webhook of an outside service is configured: not set are HOOK_SECRET"
    )
    assert outside().why_not(Webhooks) == (
        "NotApplicable: the service file names no webhook of an outside service"
    )


@pytest.mark.parametrize("seeded", [{}, {"name": "ana"}])
def test_a_sandbox_is_sent_them_with_its_own_secret(seeded: dict[str, str]) -> None:
    made = World(
        external={"pay": PAY | {"webhook": HOOK}},
        env={},
        security={"sandbox": {"env": {"HOOK_SECRET": SECRET}, "seed": ["seed"]}},
        migrations=None,
    )
    made.work.wheel, made.work.seeded = _wheel(), seeded
    made.http = _Everything(made.evidence)
    fact: SandboxAnswers = made.fact(SandboxAnswers)
    assert [len(one.deliveries) for one in fact.webhooks] == [5]
    assert made.had(Webhooks).value == Webhooks(("pay",))


class _Everything(FakeHttp):
    """Answers everything with 200."""

    def request(self, method: str, url: str, **more: Any) -> Any:  # noqa: ANN401 - as the fake
        self.answer(method, url, 200)
        return super().request(method, url, **more)
