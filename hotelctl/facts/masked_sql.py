"""Statements without what stood in them: each value is another one of its form, or a word of the schema.

A value keeps its length and its punctuation, so that most are still of their type: `2026-11-30` becomes
`1111-11-11`, a UUID another UUID, an address another address. What everybody knows stays: numbers below 100,
truth values, spans of time, and the words that the caller says are part of the schema.
"""

import re
from collections.abc import Collection, Iterable, Iterator

from hotelctl.facts.sql_split import sql_parts

_DIGITS = re.compile(r"\d+")
_SHORT = 2
_FIXED = re.compile(
    r"(?:|-?\d{1,2}(?:\.\d{1,2})?|t|f|true|false|on|off|utc|simple|english"
    r"|(?:\d{1,3} ?)?(?:ms|sec|s|min|h|d|second|minute|hour|day|week|month|quarter|year)s?)",
    re.IGNORECASE,
)
_BRACKETS = ("{", "[")
_LETTER = re.compile(r"[^\W\d_]")
_BETWEEN_BRACKETS = re.compile(r"\b(?:true|false|null)\b|[^\W\d_]")
_BYTES = r"\x"
_QUOTED_WORD = re.compile(r"""['"]([A-Za-z][\w.:-]{0,40})['"]""")
_MADE = re.compile(
    r"\bcreate\s+(?:\w+\s+)*?(?:table|view|sequence|type|function|index|schema)\s+(?:if\s+not\s+exists\s+)?"
    r"([\w.\"]+)",
    re.IGNORECASE,
)
_LISTED = re.compile(r"\?(?:, ?\?)+")
_ESCAPE = re.compile(r"\\.|''")


def words_of(sources: Iterable[str]) -> frozenset[str]:
    """What stands in quotes in the sources of migrations, as labels and states do, and what they create."""
    return frozenset(word for text in sources for word in _words(text))


def masked_value(value: str, words: Collection[str]) -> str:
    """Another value of the same form; `words` stay as they are."""
    if _FIXED.fullmatch(value) or value in words or all(part in words for part in value.split(".")):
        return value
    kept, rest = (_BYTES, value[2:]) if value.startswith(_BYTES) else ("", value)
    letters = _BETWEEN_BRACKETS if rest.startswith(_BRACKETS) else _LETTER
    return kept + letters.sub(_letter, _DIGITS.sub(_ones, rest))


def masked(sql: str, words: Collection[str]) -> str | None:
    """The statement with such values, without comments, on one line; None for one that may hide any text."""
    found: list[str] = []
    for kind, part, _place in sql_parts(sql):
        if kind in {"open", "body"}:
            return None
        if kind in {"space", "line", "block"}:
            part = " "  # noqa: PLW2901 - what a space is
        elif kind == "escaped":
            part = _literal(_ESCAPE.sub("a", part[2:-1]), words)  # noqa: PLW2901 - same
        elif part.startswith("'"):
            part = _literal(part[1:-1].replace("''", "'"), words)  # noqa: PLW2901 - same
        elif kind == "plain" and found[-1:] != ["$"]:
            part = _DIGITS.sub(_long_ones, part)  # noqa: PLW2901 - same
        if part != " " or found[-1:] != [" "]:
            found.append(part)
    return "".join(found).strip()


def shape(sql: str) -> str:
    """What statements have in common that differ in values alone, and in how many of them stand in a list."""
    found: list[str] = []
    for kind, part, _place in sql_parts(sql):
        is_number = kind == "plain" and found[-1:] != ["$"]
        found.append("?" if part.startswith("'") else _DIGITS.sub("?", part) if is_number else part)
    return _LISTED.sub("?", "".join(found))


def _words(text: str) -> Iterator[str]:
    yield from _QUOTED_WORD.findall(text)
    for name in _MADE.findall(text):
        yield from name.replace('"', "").split(".")


def _literal(value: str, words: Collection[str]) -> str:
    return "'" + masked_value(value, words).replace("'", "''") + "'"


def _letter(hit: re.Match[str]) -> str:
    if len(hit[0]) > 1:
        return hit[0]
    return "A" if hit[0].isupper() else "a"


def _ones(hit: re.Match[str]) -> str:
    return "1" * len(hit[0])


def _long_ones(hit: re.Match[str]) -> str:
    return hit[0] if len(hit[0]) <= _SHORT else _ones(hit)
