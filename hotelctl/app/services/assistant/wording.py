"""Puts a decision into words: a fixed sentence, or a provider's answer with the local one behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from hotelctl.app.domain.assistant.catalogue import TOPICS
from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.assistant.intents import MAX_ACTIONS
from hotelctl.app.domain.assistant.phrases import Say, say
from hotelctl.app.services.assistant.answer import Answer, Answering, Watch
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import Decision, may_have, not_found, propose
from hotelctl.app.services.assistant.provider import AssistantProvider, Prompt, ProviderError, Turn
from hotelctl.app.services.assistant.pseudonyms import Pseudonyms
from hotelctl.app.services.assistant.reading import Reading
from hotelctl.app.services.assistant.selection import Providers
from hotelctl.app.store.hotel_facts import HotelFacts

ANSWER_TIMEOUT_S = 20.0
SWITCH = "openai_enabled"


@dataclass(frozen=True, slots=True)
class Worded:
    """A decision as it turned out, and the answer with its figures."""

    decision: Decision
    answer: Answer


@dataclass(frozen=True, slots=True)
class Question:
    """Who asked what, where, and what was said before."""

    asker: Asker
    hotel: HotelFacts
    reading: Reading
    history: Sequence[Turn] = ()


class Wording:
    """Words decisions; made once per process."""

    def __init__(self, providers: Providers, pseudonyms: Pseudonyms, public_url: str) -> None:
        self._providers = providers
        self._pseudonyms = pseudonyms
        self._hosts = (urlsplit(public_url).hostname or "",)

    async def word(self, decision: Decision, question: Question, began_s: float, watch: Watch) -> Worded:
        """The answer; never an error: where a provider fails the local rules go on."""
        answering = Answering(self._hosts, began_s, watch)
        if Flag.PAYMENT_DATA in question.reading.flags:
            answering.say(say(Say.CARD, question.reading.language), fixed=True)
        unknown = decision.outcome == "handoff" and not decision.hands_over
        if decision.asks_provider or unknown:
            decision = await self._ask(decision, question, answering)
        if decision.text:
            answering.say(decision.text, fixed=True)
        return Worded(decision, answering.answer)

    async def _ask(self, decision: Decision, question: Question, answering: Answering) -> Decision:
        hotel, reading = question.hotel, question.reading
        provider, degraded = self._providers.choose(
            switched_on=SWITCH in hotel.switches, stays_inside=hotel.stays_inside
        )
        if degraded:
            answering.answer.error_code = "breaker_open"
        if provider is not self._providers.local:
            if await self._tried(provider, decision, question, answering):
                return _after(answering.answer, reading, question.asker)
            provider = self._providers.local
        if not decision.entries:
            return decision
        await answering.by(
            provider, Prompt(reading.text, reading.language, decision.entries), ANSWER_TIMEOUT_S
        )
        return decision if answering.answer.cited else not_found(reading, question.asker)

    async def _tried(
        self, provider: AssistantProvider, decision: Decision, question: Question, answering: Answering
    ) -> bool:
        """Whether the provider came to an end; how it ended decides over the next calls too."""
        try:
            prompt = _prompt(decision, question, self._pseudonyms.of(question.asker))
            await answering.by(provider, prompt, ANSWER_TIMEOUT_S)
        except ProviderError:
            self._providers.breaker.failed()
            return False
        self._providers.breaker.succeeded()
        return True


def _prompt(decision: Decision, question: Question, pseudonym: str) -> Prompt:
    reading, asker = question.reading, question.asker
    topics = [] if reading.answer_only else [t for t, wish in TOPICS.items() if may_have(wish, asker)]
    return Prompt(
        reading.text,
        reading.language,
        decision.entries,
        history=() if reading.answer_only else tuple(question.history),
        topics=tuple(topics),
        safety_id=pseudonym,
    )


def _after(answer: Answer, reading: Reading, asker: Asker) -> Decision:
    """What a provider's answer leads to: with a source it stands, else a request or the desk is offered."""
    if answer.cited and answer.text:
        return Decision(asks_provider=True)
    wishes = [TOPICS[topic] for topic in dict.fromkeys(answer.topics)][:MAX_ACTIONS]
    return propose(wishes, reading, asker) if wishes else not_found(reading, asker)
