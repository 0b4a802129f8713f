"""One answer as it comes about: its pieces for whoever watches, its whole for the books."""

import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

from hotelctl.app.domain.assistant.output import Sources, release
from hotelctl.app.domain.assistant.ranking import Hit
from hotelctl.app.services.assistant.local import LOCAL_MODEL
from hotelctl.app.services.assistant.provider import (
    AssistantProvider,
    Cited,
    Delta,
    Event,
    Prompt,
    ProviderError,
    ProviderName,
    ToolCall,
    Usage,
)

Watch = Callable[[Delta | Cited], None]
# What a message holds at most.
_LONGEST = 8000


@dataclass(frozen=True, slots=True)
class FailedCall:
    """A call of a provider that came to no end: whose it was, how it ended, what it took."""

    provider: ProviderName
    model: str
    error: ProviderError
    latency_ms: int
    tokens_in: int
    tokens_out: int


@dataclass(slots=True)
class Answer:
    """What a provider gave, after the last look at what may leave the house."""

    provider: ProviderName = "local"
    model: str = LOCAL_MODEL
    text: str = ""
    cited: list[Hit] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    tokens_in: int = 0
    tokens_out: int = 0
    ttft_ms: int | None = None
    error_code: str | None = None
    """Why the wanted provider did not answer."""
    failures: list[FailedCall] = field(default_factory=list)
    """Calls that were made for this answer and failed; the figures above are without them."""


class Answering:
    """Lets a provider answer; what it says is released piece by piece against the entries it cites."""

    def __init__(self, hosts: Iterable[str], began_s: float, watch: Watch) -> None:
        self._hosts = tuple(hosts)
        self._began_s = began_s
        self._watch = watch
        self.answer = Answer()

    async def by(self, provider: AssistantProvider, prompt: Prompt, timeout_s: float) -> None:
        """The provider's answer is added.

        Raises ProviderError; what was said before it stays, and the call is noted as failed.
        """
        began_s = time.perf_counter()
        self.answer.provider, self.answer.model = provider.name, provider.model
        try:
            async for event in _closed(provider.complete(prompt, timeout_s=timeout_s)):
                self._take(event)
        except ProviderError as error:
            self._fail(error, began_s)
            raise

    def _fail(self, error: ProviderError, began_s: float) -> None:
        """The call is noted with its figures; what follows is the house's own again."""
        answer = self.answer
        took_ms = round((time.perf_counter() - began_s) * 1000)
        tokens = answer.tokens_in, answer.tokens_out
        answer.failures.append(FailedCall(answer.provider, answer.model, error, took_ms, *tokens))
        answer.provider, answer.model, answer.tokens_in, answer.tokens_out = "local", LOCAL_MODEL, 0, 0
        answer.error_code = error.code

    def _take(self, event: Event) -> None:
        answer = self.answer
        if isinstance(event, Usage):
            answer.tokens_in += event.tokens_in
            answer.tokens_out += event.tokens_out
        elif isinstance(event, ToolCall):
            answer.topics.append(event.topic)
        elif isinstance(event, Cited):
            if event.entry not in answer.cited:
                answer.cited.append(event.entry)
                self._watch(event)
        else:
            self.say(event.text)

    def say(self, text: str, *, fixed: bool = False) -> None:
        """The text is given out: the assistant's own sentences as they are, any other after release."""
        answer = self.answer
        sources = Sources([f"{hit.title}\n{hit.body}" for hit in answer.cited], self._hosts)
        shown = text if fixed else release(text, sources)
        piece = f" {shown}"[: _LONGEST - len(answer.text)] if answer.text else shown[:_LONGEST]
        if not piece.strip():
            return
        if answer.ttft_ms is None:
            answer.ttft_ms = round((time.perf_counter() - self._began_s) * 1000)
        answer.text += piece
        self._watch(Delta(piece))


async def _closed(events: AsyncIterator[Event]) -> AsyncIterator[Event]:
    """The events; the provider's stream is closed however the loop ends."""
    try:
        async for event in events:
            yield event
    finally:
        close = getattr(events, "aclose", None)
        if close is not None:
            await close()
