"""What a client sends at once, cut into parts of which each is looked at as a whole."""

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


class Part(NamedTuple):
    """The words of its first statement, the messages that run it, and how many statements a query holds."""

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
            yield Part(sql, batch)
            batch, number = [], 0
        sql, batch, number = said, [*batch[:-1], *piece], number + 1
    if batch:
        yield Part(sql, batch)


def _groups(parts: Sequence[str]) -> Iterator[list[str]]:
    """Rows that a file lists one INSERT each are looked at some at a time, by the name of the first."""
    group, letters = list[str](), 0
    for part in parts:
        plain = _is_plain(part)
        if group and not (plain and len(group) < _TOGETHER and letters < _LETTERS):
            yield group
            group, letters = [], 0
        group.append(part)
        letters += len(part)
        if not plain:
            yield group
            group, letters = [], 0
    if group:
        yield group


def _is_plain(part: str) -> bool:
    """Whether it only puts rows somewhere; what notes a revision tells which one all before it belong to."""
    return word_of(part) == "insert" and "select" not in part.lower() and not noted_revision(part)
