"""Whether a secret can be guessed.

Source: entropy alone rates the alphabet above a random hex key, so repeats and words are looked at;
zxcvbn refuses more than 72 characters, the first 72 decide.
"""

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from hotelctl.core.lazily import lazily
from hotelctl.facts.long_secret import GUESSES_LOG10, is_surely_rare

if TYPE_CHECKING:
    import zxcvbn
else:
    zxcvbn = lazily("zxcvbn")

MIN_LENGTH = 16
_MIN_DISTINCT = 6
_MIN_GUESSES_LOG10 = 10.0
_ZXCVBN_LIMIT = 72
_REPEATED = re.compile(r"(.{1,16}?)\1+")


def weakness(value: str, min_length: int | None = None) -> str | None:
    """Why it is weak, without repeating it; None when nothing was found against it."""
    wanted = min_length or MIN_LENGTH
    if len(value) < wanted:
        return f"it has {len(value)} characters, at least {wanted} are wanted"
    if len(set(value)) < _MIN_DISTINCT:
        return f"it is made of {len(set(value))} different characters"
    if _REPEATED.fullmatch(value):
        return "it repeats one piece"
    if guesses_log10(value) < _MIN_GUESSES_LOG10:
        return "it is made of words, names or patterns that are guessed first"
    return None


# Ten milliseconds each, and the same values are asked about by several facts.
@lru_cache(maxsize=2000)
def guesses_log10(value: str) -> float:
    """The power of ten of the guesses that it takes; of a long value those for its beginning."""
    return float(zxcvbn.zxcvbn(value[:_ZXCVBN_LIMIT])["guesses_log10"])


@lru_cache(maxsize=2000)
def is_rare(value: str) -> bool:
    """Whether it takes so many guesses that it stands nowhere but where somebody copied it."""
    return is_surely_rare(value) or guesses_log10(value) >= GUESSES_LOG10
