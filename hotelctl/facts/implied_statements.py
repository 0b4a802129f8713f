"""What a release may ask of a schema: the plainest statements that each of its tables promises to answer."""

# ruff: noqa: S608 - every name comes quoted from PostgreSQL itself

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from hotelctl.facts.catalogue import Catalogue, Column
from hotelctl.facts.migration_set import is_ledger
from hotelctl.facts.sample_rows import quoted, values

_ANSWERING = frozenset({"r", "p", "v", "m"})


class Asked(Protocol):
    """Anything that a server can be asked."""

    @property
    def sql(self) -> str:
        """Its words."""
        ...


@dataclass(frozen=True, slots=True)
class Implied:
    """One statement, what it does in one word, and the table or view that it is of."""

    sql: str
    does: str
    relation: str


@dataclass(frozen=True, slots=True)
class Tried:
    """How a statement ended that was taken back at once: rows where it went through, else the refusal."""

    rows: int = 0
    sqlstate: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Broken:
    """A statement that went through before the migrations and ends otherwise behind them."""

    statement: Implied
    before: Tried
    after: Tried

    @property
    def tightens(self) -> bool:
        """Whether the statement is understood, and only its values are refused now."""
        return self.after.sqlstate.startswith("23")


def implied(known: Catalogue, rows: int, ledger: str = "") -> tuple[Implied, ...]:
    """The statements for every table and view that is no partition; tables hold `rows` made-up rows each.

    Nobody but the migrations asks the tables in which they are noted, `ledger` among them.
    """
    of = known.by_table()
    return tuple(
        one
        for number, relation in sorted(known.relations.items())
        if relation.kind in _ANSWERING and not relation.parent and not is_ledger(relation.name, ledger)
        for one in _of(of[number], number, rows)
    )


def broken(
    statements: tuple[Implied, ...], before: tuple[Tried, ...], after: tuple[Tried, ...]
) -> tuple[Broken, ...]:
    """Those that went through before and do not, or answer with another number of rows, afterwards."""
    return tuple(
        Broken(one, was, now)
        for one, was, now in zip(statements, before, after, strict=True)
        if not was.sqlstate and (now.sqlstate or now.rows != was.rows)
    )


def _of(known: Catalogue, number: int, rows: int) -> Iterator[Implied]:
    name, kind = known.relations[number].name, known.relations[number].kind
    columns = {place: column for (table, place), column in known.columns.items() if table == number}
    if not columns:
        return
    listed = ", ".join(quoted(column.name) for column in columns.values())
    yield Implied(f"SELECT {listed} FROM {name}", "SELECT", name)
    if kind in {"v", "m"}:
        return
    yield from _inserts(known, number, columns, rows)
    settable = [quoted(column.name) for column in columns.values() if _may_be_set(column)]
    one_row = f"WHERE ctid = (SELECT ctid FROM {name} LIMIT 1)"
    if settable:
        changed = ", ".join(f"{column} = {column}" for column in settable)
        yield Implied(f"UPDATE {name} SET {changed} {one_row}", "UPDATE", name)
    yield Implied(f"DELETE FROM {name} {one_row}", "DELETE", name)


def _inserts(known: Catalogue, table: int, columns: Mapping[int, Column], rows: int) -> Iterator[Implied]:
    """A new row by the columns that must be there, by all of them, and one that may be there already."""
    name = known.relations[table].name
    every = {place: column for place, column in columns.items() if _may_be_set(column)}
    needed = {
        place: column
        for place, column in every.items()
        if column.not_null and column.default is None and not column.kind
    }
    for chosen, does in ((needed, "INSERT of what is required"), (every, "INSERT")):
        if chosen:
            yield Implied(_insert(known, table, chosen, rows), does, name)
    for index in known.indexes.values():
        keys = _keys(index.definition)
        if index.table == table and index.unique and keys and every:
            conflict = f" ON CONFLICT ({keys}) DO NOTHING"
            yield Implied(_insert(known, table, every, rows) + conflict, "INSERT ON CONFLICT", name)


def _insert(known: Catalogue, table: int, columns: Mapping[int, Column], rows: int) -> str:
    """The row behind the last one; what refers to another table refers to the last row there."""
    referring = {
        place
        for one in known.constraints.values()
        if one.table == table and one.kind == "f"
        for place in one.columns
    }
    names = ", ".join(quoted(column.name) for column in columns.values())
    made = (
        f"(SELECT {value} FROM (VALUES ({rows if place in referring else rows + 1}::int8)) v(g))"
        for place, value in values(known, table, columns)
    )
    return f"INSERT INTO {known.relations[table].name} ({names}) VALUES ({', '.join(made)})"


def _may_be_set(column: Column) -> bool:
    return not column.kind.startswith("generated") and column.kind != "identity a"


def _keys(definition: str) -> str:
    """The columns of a plain index; empty for one with expressions or a condition."""
    _, _, rest = definition.partition("(")
    inside, _, tail = rest.rpartition(")")
    plain = not tail.strip() and "(" not in inside and " WHERE " not in definition
    return inside if plain and " INCLUDE " not in definition else ""
