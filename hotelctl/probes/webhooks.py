"""Webhooks of outside services, and messages to them that are signed well and badly."""

import json
import secrets
from collections.abc import Iterator, Mapping

from hotelctl.config.external import Webhook
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.webhook_rounds import Delivery, WebhookRound, Webhooks
from hotelctl.facts.webhook_signature import SIGNERS
from hotelctl.probes.context import Context
from hotelctl.probes.interview import Interview

_LONG_AGO_S = 3600


def webhooks(context: Context) -> Webhooks:
    """Those that a sandbox would have a secret for. Raises `NotApplicable` for none."""
    named = dict(_named(context))
    if not named:
        raise NotApplicable(context.configuration.names_no("webhook of an outside service"))
    env = {**context.release_env, **context.configuration.spec.security.sandbox.env}
    configured = tuple(name for name, said in named.items() if env.get(said.variable, "").strip())
    if not configured:
        off = ", ".join(said.variable for said in named.values())
        raise NotApplicable(f"no webhook of an outside service is configured: not set are {off}")
    return Webhooks(configured)


def rounds(talk: Interview, env: Mapping[str, str], at_s: int, context: Context) -> Iterator[WebhookRound]:
    """Messages to each webhook that the instance, started with `env`, has a secret for; `at_s` is now.

    Raises:
        Unavailable: it does not answer.

    """
    for name, said in _named(context):
        if secret := env.get(said.variable, "").strip():
            deliveries = tuple(_deliveries(talk, said, secret, at_s))
            yield WebhookRound(name, said.variable, deliveries)


def _named(context: Context) -> Iterator[tuple[str, Webhook]]:
    for name, said in context.configuration.spec.external.items():
        if said.webhook is not None:
            yield name, said.webhook


def _deliveries(talk: Interview, said: Webhook, secret: str, at_s: int) -> Iterator[Delivery]:
    sign, timed = SIGNERS[said.signature]
    body, other = _event(at_s), _event(at_s)
    signed = sign(body, secret, at_s)
    yield Delivery(talk.post(said.path, body, "a message signed with the secret", signed), welcome=True)
    yield Delivery(talk.post(said.path, other, "a message signed for another body", signed), welcome=False)
    stranger = sign(body, secrets.token_hex(32), at_s)
    yield Delivery(
        talk.post(said.path, body, "a message signed with another secret", stranger), welcome=False
    )
    yield Delivery(talk.post(said.path, body, "a message that is not signed", {}), welcome=False)
    if timed:
        old = sign(body, secret, at_s - _LONG_AGO_S)
        yield Delivery(talk.post(said.path, body, "a message signed an hour ago", old), welcome=False)


def _event(at_s: int) -> bytes:
    """A message that no service knows: nobody acts on its type."""
    name = f"evt_hotelctl_{secrets.token_hex(8)}"
    event = {"id": name, "object": "event", "type": "hotelctl.probe", "livemode": False, "created": at_s}
    return json.dumps({**event, "data": {"object": {}}}).encode()
