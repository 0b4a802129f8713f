"""Patterns of paths, as git reads those of plain letters and stars: asking it takes longer.

Source: gitglossary(7), "pathspec".
"""

import re
from collections.abc import Callable, Iterable

# What git and this module read alike; brackets, backslashes, colons and parts that go up are git's to read.
_PLAIN = re.compile(r"(?!\.{0,2}/|.*//|.*/\.{0,2}(/|$)|\.{1,2}$|(.*\*){5})[\w.*/-]+", re.ASCII)


def is_plain(patterns: Iterable[str]) -> bool:
    """Whether `matcher` reads them as git does."""
    return all(map(_PLAIN.fullmatch, patterns))


def matcher(patterns: Iterable[str]) -> Callable[[str], bool]:
    """Whether a path fits one of them: a star stands for slashes, too, and without one all below is meant."""
    parts = (
        re.escape(one).replace(r"\*", ".*") if "*" in one else f"{re.escape(one)}(?:/.*)?" for one in patterns
    )
    pattern = re.compile("|".join(parts), re.DOTALL)
    return lambda path: pattern.fullmatch(path) is not None
