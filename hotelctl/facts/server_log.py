"""What the clients of a PostgreSQL server asked, read from the server's own log."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# `log_line_prefix`: the process, which is one session, and its role.
PREFIX = "%p {%u} "
_HEAD = re.compile(r"^(\d+) \{([^}\n]*)\} ([A-Z]+\d?):  ", re.MULTILINE)
_ASKED = re.compile(r"(?:statement|execute (?!fetch from )[^:\n]*): ")
_VALUES = re.compile(r"[Pp]arameters: ")
_VALUE = re.compile(r"\$\d+ = (?:NULL|'((?:[^']|'')*)')")


@dataclass(frozen=True, slots=True)
class Heard:
    """What one session sent: the text as it came, by the simple protocol perhaps several statements.

    `values` are those of its parameters in the text format, None for NULL; long ones may be cut off.
    """

    role: str
    sql: str
    values: tuple[str | None, ...] = ()


def heard(log: bytes) -> Iterator[Heard]:
    """All that was asked, of each session in its order; `log` was written with `PREFIX` as line prefix."""
    open_ones: dict[str, Heard] = {}
    for process, role, level, words in _entries(log.decode("utf-8", "replace")):
        if level == "DETAIL":
            one = open_ones.pop(process, None)
            if one is not None:
                yield _with_values(one, words)
            continue
        if one := open_ones.pop(process, None):
            yield one
        if level == "LOG" and (hit := _ASKED.match(words)):
            open_ones[process] = Heard(role, words[hit.end() :])
    yield from open_ones.values()


def _entries(text: str) -> Iterator[tuple[str, str, str, str]]:
    """Process, role, level and words of each entry; a tab stands before each line but the first."""
    heads = list(_HEAD.finditer(text))
    ends = [*(head.start() for head in heads), len(text)][1:]
    for head, end in zip(heads, ends, strict=True):
        words = text[head.end() : end].rstrip("\n").replace("\n\t", "\n")
        yield head[1], head[2], head[3], words


def _with_values(one: Heard, words: str) -> Heard:
    if not (hit := _VALUES.match(words)):
        return one
    found = (value[1] for value in _VALUE.finditer(words, hit.end()))
    return Heard(one.role, one.sql, tuple(None if one is None else one.replace("''", "'") for one in found))
