"""Foreign text made safe to show: no control characters, no invisible re-ordering, no markup."""

import re
import unicodedata
from datetime import datetime, timedelta
from pathlib import Path

_UNSAFE_CATEGORIES = ("Cc", "Cf", "Cs", "Zl", "Zp")
_KEPT = "\n"


def clean(text: str) -> str:
    """`text` with every character spelled out that a terminal or reader would act on; newlines stay."""
    text = text.replace("\r\n", "\n").replace("\t", "    ")
    # Letter by letter a list of thousands of files takes longer than all the rest of its page.
    if text.isascii() and text.replace(_KEPT, "").isprintable():
        return text
    return text.translate(_SPELLED)


class _Spelled(dict[int, str]):
    """What stands for each character, found out when it is met first."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        safe = character in _KEPT or unicodedata.category(character) not in _UNSAFE_CATEGORIES
        self[code] = character if safe else character.encode("unicode_escape").decode()
        return self[code]


_SPELLED = _Spelled()


def one_line(text: str) -> str:
    """`clean` on a single line: runs of white space become one space."""
    return " ".join(clean(text).split())


def below(project: Path, text: str) -> str:
    """`text` with each path below the directory `project` relative to it."""
    return re.sub(rf"(?<![\w./-]){re.escape(str(project))}/", "", text)


def seconds(value: float) -> str:
    """A duration for people: `0.01 s`, `3.2 s`, `2 min 05 s`."""
    if value < 1:
        return f"{value:.2f} s"
    if value < 60:  # noqa: PLR2004 - a minute
        return f"{value:.1f} s"
    minutes, rest = divmod(round(value), 60)
    return f"{minutes} min {rest:02d} s"


def moment(at: datetime) -> str:
    """An aware UTC time as reports write it: to the millisecond, with a Z."""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def age(past: timedelta) -> str:
    """How long ago something was, in its largest unit: `40 s`, `12 min`, `5 h`, `3 d`."""
    total = max(0, round(past.total_seconds()))
    for limit, length, unit in ((120, 1, "s"), (7200, 60, "min"), (172_800, 3600, "h")):
        if total < limit:
            return f"{total // length} {unit}"
    return f"{total // 86_400} d"


def kept_since(moment: str) -> str:
    """What is said of what stands on an answer of an earlier command, had at `moment`."""
    return f"stands on an answer of {moment}; nothing that it follows from has changed since"


def plural(count: int, noun: str) -> str:
    """`1 check`, `2 checks`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
