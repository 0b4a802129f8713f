"""How a word list becomes a pattern: whole words of folded text."""

import re
from collections.abc import Iterable

_GAP = re.compile(r"<(\d)>")
# Up to so many words, and an elided article before the next one; a full stop ends the thought.
_WORDS_BETWEEN = r"(?:[\\w'-]+,? ){0,\1}(?:\\w{1,3}')?"


def names(pattern: str) -> re.Pattern[str]:
    """The alternatives of the pattern as whole words; a hyphen or apostrophe does not end a word."""
    return re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'-])")


def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the patterns, anywhere in the text."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))


def whole_words(patterns: Iterable[str], who: str = "") -> re.Pattern[str]:
    """Any of the patterns as whole words; in them `<3>` is up to three words, and `<who>` a person."""
    either = "|".join(_GAP.sub(_WORDS_BETWEEN, one.replace("<who>", f"(?:{who})")) for one in patterns)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)")
