"""What makes an answer from a question and the hotel's entries: local rules, or a model elsewhere."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Literal, Protocol

from hotelctl.app.domain.assistant.ranking import Hit

ProviderName = Literal["local", "openai"]


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier message of the same conversation."""

    role: Literal["guest", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """All that a provider is told; `topics` are the actions it may propose, none in answer-only mode."""

    question: str
    language: str
    entries: tuple[Hit, ...]
    history: tuple[Turn, ...] = ()
    topics: tuple[str, ...] = ()
    safety_id: str = ""


@dataclass(frozen=True, slots=True)
class Delta:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class Cited:
    """The entry that the answer rests on."""

    entry: Hit


@dataclass(frozen=True, slots=True)
class ToolCall:
    """An action that the provider proposes; whether it may is decided elsewhere."""

    topic: str


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the provider counted them."""

    tokens_in: int
    tokens_out: int


Event = Delta | Cited | ToolCall | Usage


class ProviderError(Exception):
    """The provider gave no answer; `code` is one word for the log, `timed_out` tells slow from refused."""

    def __init__(self, code: str, *, timed_out: bool = False) -> None:
        super().__init__(code)
        self.code = code
        self.timed_out = timed_out


class AssistantProvider(Protocol):
    """Answers prompts, as a stream that ends when the answer is complete."""

    @property
    def name(self) -> ProviderName:
        """Which kind of provider, as logs have it."""

    @property
    def model(self) -> str:
        """Which model answers."""

    def complete(self, prompt: Prompt, *, timeout_s: float) -> AsyncIterator[Event]:
        """The answer's events.

        Raises ProviderError, also in the middle of the answer.
        """
