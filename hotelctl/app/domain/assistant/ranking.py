"""The order of entries that meet a question about equally well."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hotelctl.app.domain.assistant.wording import words

# Text search configurations of the languages, as the database names them.
CONFIGURATIONS = {"en": "english", "de": "german", "fr": "french", "es": "spanish", "it": "italian"}
SURE = 0.6
_TITLE_BONUS, _LANGUAGE_BONUS = 0.15, 0.05


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry and how well it meets the question; coverage and score lie between 0 and 1."""

    entry_id: UUID
    title: str
    body: str
    lang: str
    coverage: float
    score: float


def _worth(hit: Hit, asked: frozenset[str], language: str) -> float:
    title = words(hit.title)
    named = sum(word in asked for word in title) / max(1, len(title))
    same = hit.lang == CONFIGURATIONS.get(language)
    return hit.score + _TITLE_BONUS * named + (_LANGUAGE_BONUS if same else 0.0)


def ranked(question: str, language: str, hits: Sequence[Hit]) -> list[Hit]:
    """Best first: an entry whose title the question names, and one in its language, win among equals."""
    asked = frozenset(words(question))
    return sorted(hits, key=lambda hit: -_worth(hit, asked, language))


def better(first: Sequence[Hit], second: Sequence[Hit]) -> Sequence[Hit]:
    """Whichever search came to the higher score."""
    return max(first, second, key=lambda hits: max((hit.score for hit in hits), default=0.0))
