"""A message as the assistant understands it before anything is looked up."""

from dataclasses import dataclass

from hotelctl.app.domain.assistant.guard import Flag, guard
from hotelctl.app.domain.assistant.intents import Intent, read_intent
from hotelctl.app.domain.assistant.language import guess_language, known_language


@dataclass(frozen=True, slots=True)
class Reading:
    """Text fit to be stored, what the guard found, what is wanted, and the language to answer in."""

    text: str
    flags: frozenset[Flag]
    intent: Intent
    language: str

    @property
    def answer_only(self) -> bool:
        """Whether nothing may be proposed or replayed: the text tries to give the assistant orders."""
        return Flag.INJECTION_SUSPECT in self.flags


def read(text: str, usual: str) -> Reading:
    """The message read by rules; `usual`, a language or locale, holds where the words do not tell."""
    guarded = guard(text)
    return Reading(guarded.text, guarded.flags, read_intent(guarded.text), language_of(guarded.text, usual))


def language_of(text: str, usual: str) -> str:
    """The language of a text that was read before; `usual`, a language or locale, where it does not tell."""
    return guess_language(text, known_language(usual))


def warm() -> None:
    """What reads a message is compiled: a fifth of a second that no guest waits for."""
    read("Is breakfast included?", "en")
