"""What a guest's message must not be allowed to do: classes that decide how it is handled.

A filter is not the boundary. The boundary is what the database shows and what the actions permit;
this only chooses the more helpful of several safe answers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from hotelctl.app.domain.assistant import emergencies, injections, privacy
from hotelctl.app.domain.assistant.payment import redact_cards
from hotelctl.app.domain.assistant.wording import clean, fold


class Flag(StrEnum):
    """What the guard found in a message; the words are stored with the interaction."""

    EMERGENCY = "emergency"
    PRIVACY_REQUEST = "privacy_request"
    INJECTION_SUSPECT = "injection_suspect"
    PAYMENT_DATA = "payment_data"


@dataclass(frozen=True, slots=True)
class Guarded:
    """A message fit to be stored, and what is to be kept in mind about it."""

    text: str
    flags: frozenset[Flag]


_CLASSES: dict[Flag, Callable[[str], object]] = {
    Flag.EMERGENCY: emergencies.tells_of_emergency,
    Flag.PRIVACY_REQUEST: privacy.asks_about_others,
    Flag.INJECTION_SUSPECT: injections.MARKS.search,
}


def classify(text: str) -> frozenset[Flag]:
    """The classes whose marks the text bears, in any of the assistant's languages."""
    folded = fold(text)
    return frozenset(flag for flag, is_borne in _CLASSES.items() if is_borne(folded))


def guard(text: str) -> Guarded:
    """The message cleaned, cut and without card numbers, and its classes."""
    redacted, had_card = redact_cards(clean(text))
    flags = set(classify(redacted))
    if had_card:
        flags.add(Flag.PAYMENT_DATA)
    return Guarded(redacted, frozenset(flags))
