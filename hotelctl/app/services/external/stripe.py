"""Stripe: the balance, which every key that can work may read; and the signature of what Stripe sends."""

import json
from dataclasses import dataclass

from hotelctl.app.domain.failures import NotConfigured
from hotelctl.app.external_settings import StripeSettings
from hotelctl.app.services.external.contact import LIMIT_S, CallFailed, Contact, code_of, code_of_status

_TOLERANCE_S = 300
_LONGEST_WORD = 255


@dataclass(frozen=True, slots=True)
class StripeEvent:
    """What is needed of an event to know it again."""

    id: str
    kind: str
    livemode: bool


class SignatureError(Exception):
    """These bytes were not signed with the secret, or too long ago, or are no event."""


class Stripe(Contact):
    """Payments."""

    name = "stripe"
    extra = "stripe"
    library = "stripe"
    variable = "STRIPE_SECRET_KEY"

    def __init__(self, settings: StripeSettings) -> None:
        self._settings = settings

    def configured(self) -> bool:
        """Whether a key is set."""
        return self._settings.stripe_secret_key is not None

    def in_use(self) -> bool:
        """Whether a key is set, or only the secret of what Stripe sends."""
        return self.configured() or self._settings.stripe_webhook_secret is not None

    def require_webhook(self) -> None:
        """Raises NotConfigured where no signature can be checked."""
        if self._settings.stripe_webhook_secret is None:
            raise NotConfigured

    def read_event(self, body: bytes, signature: str | None) -> StripeEvent:
        """The event in these bytes.

        Raises SignatureError.
        """
        from stripe import SignatureVerificationError, WebhookSignature  # noqa: PLC0415 - same

        secret = self._settings.stripe_webhook_secret
        key = secret.get_secret_value() if secret else ""
        try:
            WebhookSignature.verify_header(body.decode(), signature, key, _TOLERANCE_S)
            event = json.loads(body)
            return StripeEvent(_word(event["id"]), _word(event["type"]), event["livemode"] is True)
        except (SignatureVerificationError, ValueError, KeyError, TypeError):
            raise SignatureError from None

    async def ask(self) -> None:
        """The balance is read and forgotten."""
        from stripe import HTTPXClient, StripeClient, StripeError  # noqa: PLC0415 - an extra, loaded where used

        key = self._settings.stripe_secret_key
        transport = HTTPXClient(timeout=LIMIT_S)
        client = StripeClient(
            key.get_secret_value() if key else "",
            base_addresses={"api": self._settings.stripe_api_base},
            http_client=transport,
            max_network_retries=0,
        )
        try:
            found = await client.v1.balance.retrieve_async()
        except StripeError as error:
            status = error.http_status
            raise CallFailed(code_of_status(status) if status else code_of(error)) from None
        finally:
            await transport.close_async()
        if getattr(found, "object", None) != "balance":
            raise CallFailed("bad_answer")


def _word(value: object) -> str:
    if not isinstance(value, str) or not 1 <= len(value) <= _LONGEST_WORD or not value.isprintable():
        raise ValueError("is no identifier")
    return value
