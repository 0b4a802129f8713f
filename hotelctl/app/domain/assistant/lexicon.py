"""How a word list becomes a pattern: whole words of folded text."""

import re


def names(pattern: str) -> re.Pattern[str]:
    """The alternatives of the pattern as whole words; a hyphen or apostrophe does not end a word."""
    return re.compile(rf"(?<![\w'-])(?:{pattern})(?![\w'-])")


def any_of(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Any of the patterns, anywhere in the text."""
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns))
