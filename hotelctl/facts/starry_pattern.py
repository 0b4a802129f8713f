"""A pattern with many stars, matched in one pass over a path, whatever stands in either.

An expression with several stars tries every way to share a path out among them: seven over a name of a
hundred letters are a matter of days. Here all ways are gone at once; each state of the pattern is one bit.

Source: Navarro and Raffinot, "Flexible Pattern Matching in Strings", 2002, 4.3, for expressions as bits.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

FEW_STARS = 3
"""As many an expression tries out in little time."""

_WORD = re.compile(r"\*\*/?|\*|\?|\[\^?(?:\\.|[^\]\\])*\]|\\.|.", re.DOTALL)
_ALL = re.compile(r"\*\*/?|\*")
_IN_A_NAME, _ANY, _SLASH = re.compile("[^/]"), re.compile("."), re.compile("/")


def stars(pattern: str) -> int:
    """How often it leaves open what stands there."""
    return len(_ALL.findall(pattern))


@dataclass(frozen=True, slots=True)
class _State:
    """What leads to the next state, what stays in this one, and how many are passed over for nothing."""

    out: re.Pattern[str] | None = None
    stay: re.Pattern[str] | None = None
    skips: tuple[int, ...] = ()


def compiled(pattern: str) -> Callable[[str], bool]:
    """Whether a path fits all of the pattern, which is one that the engine accepts."""
    states = tuple(_states(pattern))
    skips = {by: sum(1 << n for n, one in enumerate(states) if by in one.skips) for by in (1, 2)}
    known: dict[str, tuple[int, int]] = {}

    def moves(letter: str) -> tuple[int, int]:
        """The states that the letter leads out of, and those that it stays in."""
        if letter not in known:
            out = sum(1 << n for n, one in enumerate(states) if one.out and one.out.fullmatch(letter))
            stay = sum(1 << n for n, one in enumerate(states) if one.stay and one.stay.fullmatch(letter))
            known[letter] = (out, stay)
        return known[letter]

    def fits(path: str) -> bool:
        here = _with_skipped(1, skips)
        for letter in path:
            out, stay = moves(letter)
            here = _with_skipped((here & out) << 1 | (here & stay), skips)
        return bool(here >> len(states) & 1)

    return fits


def _states(pattern: str) -> Iterator[_State]:
    """After the last one the pattern is at its end."""
    for hit in _WORD.finditer(pattern):
        word = hit[0]
        if word == "*":
            yield _State(stay=_IN_A_NAME, skips=(1,))
        elif word in ("**", "**/") and hit.end() == len(pattern):
            yield _State(stay=_ANY, skips=(1,))
        elif word in ("**", "**/"):
            # Nothing at all, or directories up to a slash.
            yield _State(skips=(1, 2))
            yield _State(out=_SLASH, stay=_ANY)
        elif word == "?":
            yield _State(out=_IN_A_NAME)
        elif word.startswith("[") and len(word) > 1:
            yield _State(out=re.compile(word))
        else:
            yield _State(out=re.compile(re.escape(word[-1])))


def _with_skipped(here: int, skips: Mapping[int, int]) -> int:
    """These states, and all behind them that can be had for nothing."""
    while (more := here | (here & skips[1]) << 1 | (here & skips[2]) << 2) != here:
        here = more
    return here
