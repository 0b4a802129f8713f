"""Texts in requests: how long, and always such that the database can store them."""

import unicodedata
from typing import Annotated, Any

from pydantic import AfterValidator, Field, StringConstraints

from hotelctl.app.domain import joiners
from hotelctl.app.domain.joiners import Effect

LONGEST_NAME = 120
# Letters and a sign that are drawn as nothing.
_BLANKS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
# Of a change: a field that may be left out, and that may not be null.
LEFT_OUT: Any = Field(default_factory=lambda: None)


def _storable(value: str) -> str:
    # JSON can spell half a character, and the NUL that PostgreSQL does not take.
    if "\x00" in value:
        raise ValueError("must hold no NUL")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError("is no valid text") from None
    return value


def one_line(value: str) -> str:
    """The value, if all of it can be seen; each space in it is the usual one. Raises ValueError.

    Signs that turn the direction of writing or are not drawn would let one name pass for another. Joiners
    stay where they change how letters are drawn, and go where only habit typed them.
    """
    spaced = "".join(" " if unicodedata.category(sign) == "Zs" else sign for sign in value)
    plain = joiners.only(spaced, Effect.SEEN, Effect.STRAY)
    drawn = joiners.only(plain, Effect.STRAY)
    has_sign = any(unicodedata.category(sign)[0] not in "MZ" for sign in drawn)
    if not (drawn.isprintable() and has_sign) or _BLANKS.intersection(drawn):
        raise ValueError("must be one line of characters that can be seen")
    return plain


STORABLE = AfterValidator(_storable)


def length(least: int, most: int) -> StringConstraints:
    """Of `least` to `most` characters, without the white space around."""
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)


ONE_LINE = AfterValidator(one_line)
LONGEST_ROOM = 40

# Two labels that look alike are one room: else what is asked by the label misses some of its rows.
RoomLabel = Annotated[str, length(1, LONGEST_ROOM), ONE_LINE]
Category = Annotated[str, length(1, 60), STORABLE]
PersonName = Annotated[str, length(1, LONGEST_NAME), ONE_LINE]
EmailAddress = Annotated[
    str,
    StringConstraints(min_length=3, max_length=254, pattern=r"^[^\s\x00-\x1f\x7f@]+@[^\s\x00-\x1f\x7f@]+$"),
    STORABLE,
    ONE_LINE,
]
