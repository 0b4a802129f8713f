"""Words typed wrong, set right by the words the hotel's own entries use: shared trigrams decide."""

from collections.abc import Iterable

from hotelctl.app.domain.assistant.wording import words

# Of a shorter word too few letters are left to tell it from another.
_SHORTEST = 5
_ALIKE = 0.5
_SAME_START = 1


def trigrams(word: str) -> frozenset[str]:
    """The threes of letters of a word between two spaces and one, as PostgreSQL's pg_trgm has them."""
    padded = f"  {word} "
    return frozenset(padded[place : place + 3] for place in range(len(padded) - 2))


def similarity(one: str, other: str) -> float:
    """Shared trigrams by all trigrams of both words."""
    first, second = trigrams(one), trigrams(other)
    return len(first & second) / len(first | second)


def _nearest(word: str, known: Iterable[str]) -> str:
    near = [(similarity(word, other), other) for other in known if other[:_SAME_START] == word[:_SAME_START]]
    best = max(near, default=(0.0, word))
    return best[1] if best[0] >= _ALIKE else word


def corrected(question: str, vocabulary: Iterable[str]) -> str:
    """The folded question, each unknown word replaced by the known one it is at least half like."""
    known = frozenset(word for text in vocabulary for word in words(text) if len(word) >= _SHORTEST)
    return " ".join(
        word if word in known or len(word) < _SHORTEST or word.isdigit() else _nearest(word, known)
        for word in words(question)
    )
