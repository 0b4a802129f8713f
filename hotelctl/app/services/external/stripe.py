"""Stripe: the balance, which every key that can work may read; and the signature of what Stripe sends."""

from hotelctl.app.external_settings import StripeSettings
from hotelctl.app.services.external.contact import LIMIT_S, CallFailed, Contact, code_of, code_of_status


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
