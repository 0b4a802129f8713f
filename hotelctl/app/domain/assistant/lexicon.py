"""How a word list becomes a pattern: whole words of folded text."""

import re
from collections.abc import Iterable
from functools import cached_property

_GAP = re.compile(r"<(\d)>")
# Up to so many words, and an elided article before the next one; a full stop ends the thought.
_WORDS_BETWEEN = r"(?:[\\w'-]+,? ){0,\1}(?:\\w{1,3}')?"


class Words:
    """A pattern that is compiled when it is first asked: all of them take a tenth of loading the service."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self._pattern)

    def search(self, text: str) -> re.Match[str] | None:
        """The first place in the text."""
        return self._compiled.search(text)

    def sub(self, other: str, text: str) -> str:
        """The text with the other in each place."""
        return self._compiled.sub(other, text)


def names(pattern: str) -> Words:
    """The alternatives of the pattern as whole words; a hyphen or apostrophe does not end a word."""
    return Words(rf"(?<![\w'-])(?:{pattern})(?![\w'-])")


def any_of(patterns: tuple[str, ...]) -> Words:
    """Any of the patterns, anywhere in the text."""
    return Words("|".join(f"(?:{pattern})" for pattern in patterns))


def whole_words(patterns: Iterable[str], who: str = "") -> Words:
    """Any of the patterns as whole words; in them `<3>` is up to three words, and `<who>` a person."""
    either = "|".join(_GAP.sub(_WORDS_BETWEEN, one.replace("<who>", f"(?:{who})")) for one in patterns)
    return Words(rf"(?<!\w)(?:{either})(?!\w)")
