"""Joiners: two signs that are not drawn and change how the letters beside them are, as in Persian and Hindi.

ZWNJ keeps letters apart that would be drawn as one; ZWJ has a letter drawn as if another followed. Beside
most letters they change nothing, and would only let one text pass for another.
Source: RFC 5892, appendix A.1 and A.2; for ZWJ before a virama the Unicode Standard, 12.2 and 12.8.
"""

import unicodedata
from enum import Enum, auto
from functools import cache

ZWNJ, ZWJ = "\u200c", "\u200d"
JOINERS = frozenset({ZWNJ, ZWJ})
_VIRAMA = 9
# Arabic letters as they are drawn at one place of a word: which of them there are tells how a letter joins.
_FORMS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFF00))


class Effect(Enum):
    """What a joiner does where it stands."""

    SEEN = auto()
    """The letters beside it are drawn otherwise than without it."""
    IDLE = auto()
    """It changes nothing, but stands where people type one by habit."""
    STRAY = auto()
    """It has no business there."""


def only(text: str, *kept: Effect) -> str:
    """The text with those of its joiners that have one of these effects."""
    if JOINERS.isdisjoint(text):
        return text
    return "".join(sign for at, sign in enumerate(text) if sign not in JOINERS or _effect(text, at) in kept)


def _effect(text: str, at: int) -> Effect:
    before, after = text[at - 1 : at] if at else "", text[at + 1 : at + 2]
    if _is_virama(before):
        return Effect.SEEN if text[at] == ZWJ or after.isalpha() else Effect.IDLE
    if _is_virama(after):
        return Effect.SEEN if text[at] == ZWJ and before.isalpha() else Effect.STRAY
    return _among_arabic(text[at], _base(text, at, -1), _base(text, at, 1))


def _among_arabic(joiner: str, before: str, after: str) -> Effect:
    joining_on, joined = _letters("<initial>"), _letters("<final>")
    if before not in joined:
        return Effect.STRAY
    # They would join: ZWNJ parts them. They would not: ZWJ has the first one reach out.
    is_seen = before in joining_on and (after in joined) is (joiner == ZWNJ)
    return Effect.SEEN if is_seen else Effect.IDLE


def _is_virama(sign: str) -> bool:
    return bool(sign) and unicodedata.combining(sign) == _VIRAMA


def _base(text: str, at: int, step: int) -> str:
    """The next sign on that side that is no mark; nothing at the end of the text."""
    at += step
    while 0 <= at < len(text) and unicodedata.category(text[at]) == "Mn":
        at += step
    return text[at] if 0 <= at < len(text) else ""


@cache
def _letters(form: str) -> frozenset[str]:
    """The letters that are drawn in this form at some place of a word."""
    drawn = (unicodedata.decomposition(chr(code)).split() for codes in _FORMS for code in codes)
    return frozenset(chr(int(one[1], 16)) for one in drawn if len(one) == 2 and one[0] == form)  # noqa: PLR2004 - one letter
