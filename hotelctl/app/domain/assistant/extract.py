"""An answer in the hotel's own words: the sentences of an entry that meet the question best."""

import re

from hotelctl.app.domain.assistant.wording import words

_WHOLE_UP_TO = 320
_LONGEST = 2 * _WHOLE_UP_TO
_MOST_SENTENCES = 3
_STEM = 5
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[^\s\da-z])|\n+")


def sentences(body: str) -> list[str]:
    """The sentences and list lines of a text, in their order."""
    return [part.strip() for part in _SENTENCE_END.split(body) if part.strip()]


def _stems(text: str) -> set[str]:
    return {word[:_STEM] for word in words(text) if len(word) > 2 or word.isdigit()}  # noqa: PLR2004 - articles


def extract(question: str, body: str) -> str:
    """The whole body when it is short, else its sentences with most words of the question, in their order.

    Without any common word it is the beginning: an entry is found by its title too.
    """
    if len(body) <= _WHOLE_UP_TO:
        return body.strip()
    parts, wanted = sentences(body), _stems(question)
    shared = [len(wanted & _stems(part)) for part in parts]
    ranked = sorted(range(len(parts)), key=lambda place: (-shared[place], place))
    chosen: list[int] = []
    for place in ranked[:_MOST_SENTENCES]:
        if not chosen or (shared[place] and _fits(parts, [*chosen, place])):
            chosen.append(place)
    return _cut(" ".join(parts[place] for place in sorted(chosen)))


def _cut(text: str) -> str:
    """The text, or as many whole words of one endless sentence as an answer has room for."""
    if len(text) <= _LONGEST:
        return text
    return f"{text[:_LONGEST].rsplit(maxsplit=1)[0]} …"


def _fits(parts: list[str], chosen: list[int]) -> bool:
    return sum(len(parts[place]) + 1 for place in chosen) <= _LONGEST
