"""What a client sends at once, cut into parts of which each is looked at as a whole."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from hotelctl.adapters.wire import frames
from hotelctl.adapters.wire.frames import Frame
from hotelctl.adapters.wire.session import Session
from hotelctl.facts.migration_trace import noted_revision
from hotelctl.facts.sql_split import first_words, split_sql

# What these do shows in counts of rows; the catalogue stays as it is.
OF_ROWS = frozenset({"insert", "update", "delete", "merge", "copy"})
# Of rows some too many are no loss: who fails among them is told by how many were done.
_TOGETHER, _LETTERS = 1000, 1_000_000
# After how many of one form another one of it shows nothing new; what is longer has a form of its own.
_WELL_KNOWN, _SHORT = 200, 10_000
_OF_VALUES = frozenset({"insert", "update", "delete", "merge"})
_VALUE = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")


class Part(NamedTuple):
    """The words of its first statement, the messages that run it, and how many statements it holds."""

    sql: str
    batch: list[Frame]
    number: int = 1


def parts(session: Session, batch: Sequence[Frame]) -> list[Part]:
    """The parts of a batch, in order."""
    if batch[-1].kind != frames.QUERY:
        return list(_alike(session.pieces(batch)))
    statements = [one.text for one in split_sql(session.sql_of(batch))]
    return [Part(some[0], [_query(some)], len(some)) for some in _groups(statements)]


def only_parsed(batch: Sequence[Frame]) -> str:
    """What was to be run later: drivers that prepare are refused before they run anything."""
    return ";\n".join(frames.parsed(one)[1].strip() for one in batch if one.kind == frames.PARSE)


def word_of(sql: str) -> str:
    """The first word in small letters; empty where there is none."""
    return next(iter(first_words(sql, 1)), "")


def _query(parts: Sequence[str]) -> Frame:
    return Frame(frames.QUERY, ";\n".join(parts).encode() + b"\0")


def _alike(pieces: Sequence[tuple[str, list[Frame]]]) -> Iterator[Part]:
    """The same statement with other rows each time is looked at some at a time."""
    sql, batch, number = "", list[Frame](), 0
    for said, piece in pieces:
        if batch and (said != sql or word_of(said) not in OF_ROWS or number == _TOGETHER):
            yield Part(sql, batch, number)
            batch, number = [], 0
        sql, batch, number = said, [*batch[:-1], *piece], number + 1
    if batch:
        yield Part(sql, batch, number)


def _groups(parts: Sequence[str]) -> Iterator[list[str]]:
    """Statements that need no look each, some at a time, by the words of the first.

    Such are plain rows, and what differs from many others in its values alone. All of a group are of one
    form, as the first is looked at for all of them.
    """
    group, letters, of = list[str](), 0, ""
    forms = Counter[str]()
    for part in parts:
        form = _plain(part) or _well_known(part, forms)
        if group and not (form and form == of and len(group) < _TOGETHER and letters < _LETTERS):
            yield group
            group, letters = [], 0
        group.append(part)
        letters, of = letters + len(part), form
    if group:
        yield group


def _well_known(part: str, forms: Counter[str]) -> str:
    """Its form if it writes rows as many before it did, but for the values; `forms` counts each."""
    if word_of(part) not in _OF_VALUES or len(part) > _SHORT or noted_revision(part):
        return ""
    form = _VALUE.sub("?", part)
    forms[form] += 1
    return form if forms[form] > _WELL_KNOWN else ""


def _plain(part: str) -> str:
    """Where it puts rows and whether it may change some, if it does no more.

    What notes a revision tells which one all before it belong to.
    """
    small = part.lower()
    if word_of(part) != "insert" or "select" in small or noted_revision(part):
        return ""
    return f"{small.partition('values')[0]} {'update' in small}"
