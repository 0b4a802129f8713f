"""Whether a long secret is surely not guessed, told in a fraction of the time that zxcvbn takes.

Source: zxcvbn covers a value with words and patterns; where it takes three or more of them, it counts
10,000^2 guesses at the least, and ten for each character that none covers.
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from hotelctl.core.lazily import lazily

if TYPE_CHECKING:
    from zxcvbn import matching
else:
    matching = lazily("zxcvbn.matching")

GUESSES_LOG10 = 8.0
"""So many it takes at least, as a power of ten."""
# Of two that cover it, one has half of it; dates and years have fewer characters than that.
_LEAST = 24
_LIMIT = 72
_LONGEST_WORD = 23


def is_surely_rare(value: str) -> bool:
    """Whether no word and no pattern covers half of it; of others, and short ones, nothing is said."""
    begin = value[:_LIMIT]
    half = (len(begin) + 1) // 2
    return len(begin) >= _LEAST and not _patterned(begin, half) and not _has_word(begin, half)


def _patterned(value: str, half: int) -> bool:
    """Whether one repeat, one walk over a keyboard or one sequence has `half` of it."""
    found = (
        one
        for look in (matching.repeat_match, matching.spatial_match, matching.sequence_match)
        for one in look(value)
    )
    return any(one["j"] - one["i"] + 1 >= half for one in found)


def _has_word(value: str, half: int) -> bool:
    """Whether a piece of `half` or more is a word, also backwards or with signs for letters."""
    pieces = frozenset(_pieces(value, half))
    return any(not words.keys().isdisjoint(pieces) for words in matching.RANKED_DICTIONARIES.values())


def _pieces(value: str, half: int) -> Iterator[str]:
    lower = value.lower()
    table = matching.relevant_l33t_subtable(value, matching.L33T_TABLE)
    meant = [matching.translate(value, sub).lower() for sub in matching.enumerate_l33t_subs(table) if sub]
    for text in (lower, lower[::-1], *meant):
        for size in range(half, min(len(text), _LONGEST_WORD) + 1):
            yield from (text[start : start + size] for start in range(len(text) - size + 1))
