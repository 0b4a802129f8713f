"""Statements that put made-up rows into a schema of which nothing but its catalogue is known.

A value depends on its type and on the number of its row alone, so a row refers to the row of the same number
in every other table, and unique columns stay unique.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hotelctl.facts.catalogue import Catalogue, Column
from hotelctl.facts.migration_set import is_ledger

_LITERAL = re.compile(r"'((?:[^']|'')*)'(?:::[\w ]+)?")
_LENGTH = re.compile(r"^(?:character varying|character|varchar|bpchar)\((\d+)\)$")
# What is so short is a code, such as a country's, and many rows have the same.
_CODE, _CODES = 3, 5
_NUMERIC = re.compile(r"^numeric\((\d+),(-?\d+)\)$")
_BASE = re.compile(r"\(.*?\)")
# By the type without its modifiers; `g` is the row's number, from 1.
_VALUES: Mapping[str, str] = {
    "smallint": "g::smallint",
    "integer": "g::int",
    "bigint": "g",
    "real": "g::real",
    "double precision": "g::float8",
    "numeric": "g::numeric",
    "money": "g::int::money",
    "boolean": "g % 2 = 0",
    "text": "'v' || g",
    "character varying": "'v' || g",
    "character": "'v' || g",
    "name": "('v' || g)::name",
    "bytea": "sha256(g::text::bytea)",
    "uuid": "md5(g::text)::uuid",
    "json": "'{}'::json",
    "jsonb": "'{}'::jsonb",
    "xml": "'<a/>'::xml",
    "inet": "('10.0.0.0'::inet + g)",
    "cidr": "set_masklen('10.0.0.0'::inet + g, 32)::cidr",
    "macaddr": "('08:00:2b:01:02:' || lpad(to_hex((g % 256)::int), 2, '0'))::macaddr",
    "date": "'2020-01-01'::date + g::int",
    "timestamp without time zone": "'2020-01-01'::timestamp + g * interval '1 minute'",
    "timestamp with time zone": "'2020-01-01 00:00+00'::timestamptz + g * interval '1 minute'",
    "time without time zone": "'00:00'::time + g * interval '1 second'",
    "time with time zone": "'00:00+00'::timetz + g * interval '1 second'",
    "interval": "g * interval '1 minute'",
    "tsvector": "to_tsvector('simple', 'v' || g)",
    "point": "point(g, g)",
    "bit": "B'1'",
    "oid": "g::oid",
    "int4range": "int4range(g::int * 10, g::int * 10 + 5)",
    "int8range": "int8range(g * 10, g * 10 + 5)",
    "numrange": "numrange(g * 10, g * 10 + 5)",
    "daterange": "daterange('2020-01-01'::date + g::int * 10, '2020-01-05'::date + g::int * 10)",
    "tstzrange": "tstzrange('2020-01-01'::timestamptz + g * interval '2 day', "
    "'2020-01-02'::timestamptz + g * interval '2 day')",
}


def sample_rows(
    known: Catalogue, number: int, many: Mapping[str, int] | None = None, *, plain: bool = False
) -> Iterator[tuple[int, str]]:
    """Table and INSERT for each table that can hold rows, partitioned ones by way of their parents.

    Each gets `number` rows, or as many as `many` says by its name; there, the name of a column behind that of
    its table says after how many rows its values come again, as those do that refer to fewer rows.
    With `plain` there is a value everywhere, another one in each row; else some are missing and some come
    again, as in rows of real life.
    A table whose CHECKs want more than this can tell is filled by a statement that fails.
    """
    rows, of = Rows(number, many or {}), known.by_table()
    for table in known.tables:
        relation = known.relations[table]
        if not relation.parent and not is_ledger(relation.name):
            yield table, _insert(of[table], table, rows, plain=plain)


class Rows(NamedTuple):
    """How many rows tables get: `number`, but `many` by the names of some tables and columns."""

    number: int
    many: Mapping[str, int]

    def of(self, table: str) -> int:
        """Those of one table."""
        return self.many.get(table, self.number)

    def again(self, known: Catalogue, table: int, place: int, column: Column) -> int:
        """After how many rows of the table the column's values come again."""
        name = known.relations[table].name
        parents = (
            known.relations[one.parent].name
            for one in known.constraints.values()
            if (one.table, one.kind, one.columns) == (table, "f", (place,)) and one.parent in known.relations
        )
        return min(self.many.get(f"{name}.{column.name}", self.of(name)), *(map(self.of, (name, *parents))))


def _insert(known: Catalogue, table: int, rows: Rows, *, plain: bool) -> str:
    columns = {
        place: column
        for (of, place), column in known.columns.items()
        if of == table and not column.kind.startswith("generated") and column.kind != "identity a"
    }
    name = known.relations[table].name
    number = rows.of(name)
    if not columns:
        return f"INSERT INTO {name} SELECT FROM generate_series(1, {number})"
    names = ", ".join(quoted(column.name) for column in columns.values())
    value = _value if plain else _usual
    unique = {place for keys in _unique_columns(known, table) for place in keys}
    made = ", ".join(
        _again(value(known, table, place, column), again)
        if (again := rows.again(known, table, place, column)) < number and place not in unique
        else value(known, table, place, column)
        for place, column in columns.items()
    )
    return f"INSERT INTO {name} ({names}) SELECT {made} FROM generate_series(1, {number}) g"  # noqa: S608 - same


def _again(value: str, after: int) -> str:
    """The value of the row whose number begins anew after so many."""
    return f"(SELECT {value} FROM (SELECT (g - 1) % {after} + 1 AS g) again)"  # noqa: S608 - same


def values(known: Catalogue, table: int, columns: Mapping[int, Column]) -> Iterator[tuple[int, str]]:
    """Place and expression of each column's value in row `g`."""
    for place, column in columns.items():
        yield place, _value(known, table, place, column)


def _usual(known: Catalogue, table: int, place: int, column: Column) -> str:
    """The value, but in some rows the default or nothing, where rows need not differ and may be without."""
    value = _value(known, table, place, column)
    alone = any(place in keys for keys in _unique_columns(known, table))
    if alone or column.kind:
        return value
    if (length := _LENGTH.match(column.type)) and int(length[1]) <= _CODE:
        value = f"right('v' || g % {_CODES}, {length[1]})"
    if column.default is not None and "nextval(" not in column.default:
        return f"CASE WHEN g % 2 = 1 THEN ({column.default}) ELSE {value} END"
    if not column.not_null and not _refers(known, table, place):
        return f"CASE WHEN g % 3 > 0 THEN {value} END"
    return value


def _unique_columns(known: Catalogue, table: int) -> Iterator[tuple[int, ...]]:
    """The columns of each unique index, by their numbers."""
    names = {column.name: place for (of, place), column in known.columns.items() if of == table}
    for index in known.indexes.values():
        if index.table == table and index.unique:
            inside = index.definition.partition("(")[2].rpartition(")")[0]
            keys = (part.strip().strip('"') for part in inside.split(","))
            yield tuple(names[key] for key in keys if key in names)


def _refers(known: Catalogue, table: int, place: int) -> bool:
    return any(
        one.table == table and one.kind == "f" and place in one.columns for one in known.constraints.values()
    )


def _value(known: Catalogue, table: int, place: int, column: Column) -> str:
    words = _allowed(known, table, place, column)
    return _one_of(words, column.type) if words else _of_type(known, column.type)


def _of_type(known: Catalogue, name: str) -> str:
    """A value of a type by its name; NULL of one that nothing is known of."""
    if name.endswith("[]"):
        return f"'{{}}'::{name}"
    if labels := known.labels_of(name):
        return _one_of(labels, name)
    if domain := known.domains.get(name):
        words = _LITERAL.findall(domain.rules) if "ARRAY[" in domain.rules else ()
        return _one_of(words, name) if words else f"({_of_type(known, domain.base)})::{name}"
    if length := _LENGTH.match(name):
        return f"right('v' || g, {length[1]})"
    if digits := _NUMERIC.match(name):
        room = max(int(digits[1]) - int(digits[2]), 0)
        return f"(g % (10::numeric ^ {room}))::{name}"
    value = _VALUES.get(_BASE.sub("", name).strip())
    return f"({value})" if value else f"NULL::{name}"


def _one_of(words: Sequence[str], name: str) -> str:
    listed = ", ".join("'" + word.replace("''", "'").replace("'", "''") + "'" for word in words)
    return f"((ARRAY[{listed}])[1 + (g - 1) % {len(words)}])::{name}"


def _allowed(known: Catalogue, table: int, place: int, column: Column) -> tuple[str, ...]:
    """The words that a CHECK of this column alone lists."""
    if "char" not in column.type and column.type != "text":
        return ()
    for one in known.constraints.values():
        if one.table == table and one.kind == "c" and one.columns == (place,) and "ARRAY[" in one.definition:
            return tuple(_LITERAL.findall(one.definition))
    return ()


def quoted(name: str) -> str:
    """A name as SQL takes it whatever its letters."""
    return '"' + name.replace('"', '""') + '"'
