"""Which provider answers for a hotel, and what stands in when it does not."""

from hotelctl.app.external_settings import OpenAISettings
from hotelctl.app.services.assistant.breaker import Breaker
from hotelctl.app.services.assistant.local import LocalProvider
from hotelctl.app.services.assistant.openai_provider import OpenAiProvider
from hotelctl.app.services.assistant.provider import AssistantProvider
from hotelctl.app.services.external.openai import OpenAI


class Providers:
    """Local always; OpenAI where key, model and the hotel's own switch say so and its breaker is closed."""

    def __init__(self, settings: OpenAISettings, contact: OpenAI, breaker: Breaker | None = None) -> None:
        self.local = LocalProvider()
        self.breaker = breaker or Breaker()
        self._chosen = settings.ai_provider
        model = settings.openai_model
        asked = contact.configured() and settings.ai_provider != "local"
        self._openai = OpenAiProvider(contact, model) if asked and model else None
        self._prices = settings.openai_usd_per_million_in, settings.openai_usd_per_million_out

    @property
    def has_openai(self) -> bool:
        """Whether a model elsewhere is configured at all."""
        return self._openai is not None

    @property
    def lets_hotels_choose(self) -> bool:
        """Whether a hotel's own switch decides anything: what the settings say for all, no switch changes."""
        return self.has_openai and self._chosen == "auto"

    def choose(self, *, switched_on: bool, stays_inside: bool) -> tuple[AssistantProvider, bool]:
        """The provider for a hotel, and whether it only stands in for one that is being left alone.

        Probes of a deploy stay inside the house: they are to cost nothing and to depend on nobody.
        """
        wanted = self._chosen == "openai" or (self._chosen == "auto" and switched_on)
        if self._openai is None or not wanted or stays_inside:
            return self.local, False
        return (self.local, True) if self.breaker.is_open else (self._openai, False)

    def cost_microusd(self, tokens_in: int, tokens_out: int) -> int | None:
        """What the tokens cost by the prices of the settings; None where a price is missing."""
        price_in, price_out = self._prices
        if not (tokens_in or tokens_out):
            return 0
        if price_in is None or price_out is None:
            return None
        return round(tokens_in * price_in + tokens_out * price_out)

    async def close(self) -> None:
        """Connections are given back."""
        if self._openai is not None:
            await self._openai.close()
