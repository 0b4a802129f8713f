"""The provider without a model: the best entry's own sentences, word for word."""

from collections.abc import AsyncIterator

from hotelctl.app.domain.assistant.extract import extract
from hotelctl.app.services.assistant.provider import Cited, Delta, Event, Prompt, ProviderName

LOCAL_MODEL = "local-extractive-1"


class LocalProvider:
    """Quotes the first entry of the prompt; without an entry it says nothing."""

    name: ProviderName = "local"
    model = LOCAL_MODEL

    async def complete(self, prompt: Prompt, *, timeout_s: float) -> AsyncIterator[Event]:
        """The citation and the sentences; no token is spent and no time is waited."""
        del timeout_s
        for entry in prompt.entries[:1]:
            yield Cited(entry)
            yield Delta(extract(prompt.question, entry.body))
