"""Text as the rules compare it: one form for every way of typing the same thing."""

import re
import unicodedata

from hotelctl.app.domain import joiners
from hotelctl.app.domain.joiners import JOINERS, Effect

MAX_QUESTION = 2_000
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r"\n\s*\n\s*")
_WORD = re.compile(r"[^\W_]+")
_KEPT = frozenset("\n\t") | JOINERS
# Format characters hide text from people (zero width, direction); joiners stay where a script needs them.
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})


def clean(text: str) -> str:
    """NFKC text without hidden and control characters, single-spaced, at most MAX_QUESTION characters."""
    composed = unicodedata.normalize("NFKC", text.replace("\r\n", "\n").replace("\r", "\n"))
    unhidden = "".join(
        char for char in composed if char in _KEPT or unicodedata.category(char) not in _HIDDEN
    )
    shown = joiners.only(unhidden, Effect.SEEN)
    return _LINES.sub("\n\n", _SPACES.sub(" ", shown)).strip()[:MAX_QUESTION].rstrip()


def fold(text: str) -> str:
    """Lower case without accents and joiners, typographic apostrophes made plain, single-spaced."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("\N{RIGHT SINGLE QUOTATION MARK}", "'"))
    letters = (char for char in plain if not unicodedata.combining(char) and char not in JOINERS)
    return " ".join("".join(letters).split())


def words(text: str) -> list[str]:
    """The folded words in their order."""
    return _WORD.findall(fold(text))
