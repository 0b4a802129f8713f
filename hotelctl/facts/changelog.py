"""The releases that a changelog names, in the order in which they stand there, and what is yet to come."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

# `## 1.2.0 (2026-01-31)`, `## [v1.2.0] - 2026-01-31`, `1.2.0 / 2026` over a line of = or -, `Town 1.2.0`.
_NUMBER = (
    r"(?:(?P<name>\w[\w.-]*)\s+)?\[?v?(?P<version>\d+\.\d+[\w.+!-]*)\]?(?=$|\s*[(:,/\u2013\u2014-]|\s+\d{4})"
)
_HEADING = re.compile(rf"^#{{1,4}}\s+{_NUMBER}", re.IGNORECASE)
_UNDERLINED = re.compile(rf"^{_NUMBER}", re.IGNORECASE)
_UNRELEASED = re.compile(r"^(#{1,4}\s+)?\[?(unreleased|next|upcoming|head|tbd)\b", re.IGNORECASE)
_NO_WORDS = re.compile(r"^\s*(#|([=\-~^*])\2{2,}\s*$)")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_WORDS = frozenset({"version", "release"})
_LINE = re.compile(r"^([=\-~^*])\1{2,}\s*$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One release; `line` counts from 1."""

    version: Version
    line: int


@dataclass(frozen=True, slots=True)
class Changelog:
    """`path` is relative to the project; `unreleased` whether it tells of what is in no release yet."""

    path: str
    entries: tuple[Entry, ...]
    unreleased: bool = False


def tells_unreleased(text: str) -> bool:
    """Whether anything but headings and comments stands below a heading such as `Unreleased`."""
    lines = iter(_COMMENT.sub("", text).splitlines())
    if not any(_UNRELEASED.match(line) for line in lines):
        return False
    for line in lines:
        if _HEADING.match(line) or _UNDERLINED.match(line):
            return False
        if line.strip() and not _NO_WORDS.match(line):
            return True
    return False


def entries(text: str, names: frozenset[str] = frozenset()) -> tuple[Entry, ...]:
    """Every heading that begins with a version, or with the project's name and a version."""
    return tuple(_entries(text.splitlines(), names | _WORDS))


def _entries(lines: list[str], names: frozenset[str]) -> Iterator[Entry]:
    for number, line in enumerate(lines, start=1):
        below = lines[number] if number < len(lines) else ""
        hit = _HEADING.match(line) or (_UNDERLINED.match(line) if _LINE.match(below) else None)
        if hit is None or (hit["name"] and canonicalize_name(hit["name"]) not in names):
            continue
        try:
            yield Entry(Version(hit["version"].rstrip(".-")), number)
        except InvalidVersion:
            continue
