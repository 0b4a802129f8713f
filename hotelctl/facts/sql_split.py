"""A text of SQL as its single statements, cut where PostgreSQL's own client would cut it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

_PART = re.compile(
    r"""(?P<line>--[^\n]*)
    |(?P<block>/\*)
    |(?P<escaped>\b[eE]'(?:[^'\\]|\\.|'')*')
    |(?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*")
    |(?P<body>(?<![\w$])\$(?P<tag>[A-Za-z_\x80-\uffff][\w\x80-\uffff]*|)\$.*?\$(?P=tag)\$)
    |(?P<open>\b[eE]'|['"]|(?<![\w$])\$(?:[A-Za-z_\x80-\uffff][\w\x80-\uffff]*)?\$)
    |(?P<word>[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)
    |(?P<space>\s+)
    |(?P<brackets>\(+|\)+)
    |(?P<plain>[0-9.,=<>+*%&|!:\[\]]+)
    |(?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)
# A whole statement that needs no closer look: no comment, no body, no escaped text, brackets three deep at
# most, and none that may hold the body of a routine. Files of a million rows are made of these.
_FLAT = r"""[^;()'"$/\-]++|(?<![eE])'[^']*+'|"[^"]*+"|-(?!-)|/(?!\*)"""
_ONCE = rf"\((?:{_FLAT})*+\)"
_TWICE = rf"\((?:{_FLAT}|{_ONCE})*+\)"
# Words that nothing but space is between, up to what is neither: no comment, no escaped text.
_PLAIN_BEGIN = re.compile(r"(?a:[A-Za-z_][\w$]*+(?: ++[A-Za-z_][\w$]*+)*+)(?= *+[0-9(.,=*;])")
_NEXT = re.compile(r"[\s;]*+(?=[A-Za-z_])")
_COMMENT_EDGE = re.compile(r"/\*|\*/")
_BETWEEN = frozenset({"line", "block", "space"})
_ROUTINE = frozenset({"function", "procedure"})


@dataclass(frozen=True, slots=True)
class SqlStatement:
    """One statement without its semicolon; `line`, from 1, is that of its first word."""

    text: str
    line: int


def split_sql(text: str) -> tuple[SqlStatement, ...]:
    """The statements in order, those of nothing but comments left out.

    A semicolon ends one outside of quotes, comments, brackets and bodies written with BEGIN ATOMIC. What
    is not closed reaches to the end, as PostgreSQL takes it.
    """
    return tuple(_statements(text))


def first_words(text: str, number: int = 3) -> tuple[str, ...]:
    """The first words of a statement in small letters, comments left out."""
    if hit := _PLAIN_BEGIN.match(text):
        return tuple(hit[0].lower().split()[:number])
    found: list[str] = []
    for kind, part, _place in sql_parts(text):
        if kind == "word":
            found.append(part.lower())
        elif kind not in _BETWEEN:
            break
        if len(found) == number:
            break
    return tuple(found)


def code_words(text: str) -> list[str]:
    """Words, quotes and signs as they stand, those in the bodies of blocks too; comments are left out."""
    found: list[str] = []
    for kind, part, _place in sql_parts(text):
        if kind == "body":
            edge = part.index("$", 1) + 1
            found += code_words(part[edge:-edge])
        elif kind not in _BETWEEN:
            found += part if kind == "brackets" else (part,)
    return found


def all_words(text: str) -> Iterator[str]:
    """All words in small letters, those in the bodies of blocks and routines too; quotes and comments not."""
    for kind, part, _place in sql_parts(text):
        if kind == "word":
            yield part.lower()
        elif kind == "body":
            edge = part.index("$", 1) + 1
            yield from all_words(part[edge:-edge])


# Reading it takes ten milliseconds, and most commands split nothing.
@cache
def _simple() -> re.Pattern[str]:
    return re.compile(rf"(?!(?i:create)\b)[A-Za-z_](?:{_FLAT}|\((?:{_FLAT}|{_TWICE})*+\))*+;")


def _statements(text: str) -> Iterator[SqlStatement]:
    place, line, counted, is_simple = 0, 1, 0, _simple()
    while (start := _begin(text, place)) < len(text):
        line, counted = line + text.count("\n", counted, start), start
        simple = is_simple.match(text, start)
        end, place = (simple.end() - 1, simple.end()) if simple else _closely(text, start)
        yield SqlStatement(text[start:end].rstrip() if simple else text[start:end], line)


def _begin(text: str, place: int) -> int:
    """Where the next statement begins; the end of the text where there is none."""
    if hit := _NEXT.match(text, place):
        return hit.end()
    for kind, part, start in sql_parts(text, place):
        if kind not in _BETWEEN and part != ";":
            return start
    return len(text)


def _closely(text: str, start: int) -> tuple[int, int]:
    """Where the statement ends that begins there, and where the text goes on."""
    end, depth = start, _Depth()
    for kind, part, place in sql_parts(text, start):
        if kind in _BETWEEN:
            continue
        if part == ";" and depth.outside:
            return end, place + 1
        depth.pass_over(kind, part)
        end = place + len(part)
    return end, len(text)


class _Depth:
    """How deep in brackets and in the body of a routine the words so far have led."""

    def __init__(self) -> None:
        self._brackets = 0
        self._bodies = 0
        self._words: list[str] = []
        self._routine = False

    @property
    def outside(self) -> bool:
        """Whether a semicolon ends the statement here."""
        return not self._brackets and not self._bodies

    def pass_over(self, kind: str, part: str) -> None:
        """One part further."""
        if kind == "brackets":
            self._brackets = max(0, self._brackets + (len(part) if part[0] == "(" else -len(part)))
        if kind != "word":
            return
        word = part.lower()
        self._routine = self._routine or (word in _ROUTINE and self._words[:1] == ["create"])
        if self._routine:
            self._count(word)
        self._words = [*self._words[:1], word]

    def _count(self, word: str) -> None:
        if (word == "atomic" and self._words[-1] == "begin") or (self._bodies and word == "case"):
            self._bodies += 1
        elif self._bodies and word == "end":
            self._bodies -= 1


def sql_parts(text: str, place: int = 0) -> Iterator[tuple[str, str, int]]:
    """Kind, text and place of each part from `place` on."""
    while place < len(text):
        hit = _PART.match(text, place)
        if hit is None:
            return
        kind = hit.lastgroup or "other"
        end = _comment_end(text, place) if kind == "block" else hit.end()
        if kind == "open":
            end = len(text)
        yield kind, text[place:end], place
        place = end


def _comment_end(text: str, start: int) -> int:
    """Behind a comment that may hold others."""
    depth = 0
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)
