"""What the models of a release have and a later schema has not, or the other way round."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

_Told = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Gap:
    """One difference at `table`; `sqlstate` is what the server says of statements that meet it.

    One that is not `certain` depends on what the release writes, or on what stands in the table's place now.
    """

    table: str
    words: str
    sqlstate: str
    certain: bool = False

    @property
    def bare(self) -> str:
        """The table without its schema."""
        return self.table.rpartition(".")[2].strip('"')


@dataclass(frozen=True, slots=True)
class OldModel:
    """What came between the models of a release and the schema; `why` says why they cannot be compared."""

    gaps: tuple[Gap, ...] = ()
    why: str = ""


def model_gaps(before: str, after: str) -> tuple[Gap, ...]:
    """What migrations brought between models and schema, from two comparisons as JSON texts.

    `null` is a project without models. Raises `ValueError` for what is no comparison.
    """
    known = _read(before)
    fresh = [one for one in _read(after) if one not in known]
    moved = {(one["table"], one["name"]) for one in fresh if one["kind"] in {"add_column", "remove_column"}}
    return tuple(_gaps(fresh, moved))


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference of a live schema at `table`, in the words of the models."""

    table: str
    words: str


def drift(built: str, live: str) -> tuple[Drift, ...]:
    """What Alembic calls the differences of a live schema from a built one, each compared with the models.

    Raises `ValueError` for what is no comparison.
    """
    expected, found = _read(built), _read(live)
    only_live = [Drift(one["table"], _named(one)) for one in found if one not in expected]
    only_built = [Drift(one["table"], f"not {_named(one)}") for one in expected if one not in found]
    return tuple(only_live + only_built)


def _named(one: _Told) -> str:
    table, name = one["table"], one.get("name", "")
    words = _DRIFT.get(str(one["kind"]), f"{one['kind']} {{table}} {{name}}")
    return words.format(table=table, name=name).strip()


def _read(text: str) -> Sequence[_Told]:
    found = json.loads(text)
    if found is None:
        return ()
    try:
        return [{**one, "kind": one["kind"], "table": one["table"]} for one in found]
    except (KeyError, TypeError) as error:
        raise ValueError("this is no comparison of models") from error


def _gaps(fresh: Sequence[_Told], moved: set[tuple[str, str]]) -> Iterator[Gap]:
    """What is told of an index over a column that came or went is told of the column."""
    for one in fresh:
        columns = one.get("name", "").split(", ")
        of_an_index = one["kind"] not in {"add_column", "remove_column"}
        if of_an_index and any((one["table"], column) in moved for column in columns):
            continue
        if make := _KINDS.get(one["kind"]):
            yield from make(one)


def _table_gone(one: _Told) -> Iterator[Gap]:
    if one["other"]:
        yield Gap(one["table"], f"{one['table']} is no table any more", "42809")
    else:
        yield Gap(one["table"], f"table {one['table']} is gone", "42P01", certain=True)


def _column_gone(one: _Told) -> Iterator[Gap]:
    yield Gap(one["table"], f"column {one['table']}.{one['name']} is gone", "42703", certain=True)


def _column_came(one: _Told) -> Iterator[Gap]:
    if one["required"]:
        words = f"column {one['table']}.{one['name']} is required, has no default and is not known there"
        yield Gap(one["table"], words, "23502", certain=True)


def _no_null(one: _Told) -> Iterator[Gap]:
    if one["required"]:
        yield Gap(one["table"], f"{one['table']}.{one['name']} takes no NULL any more", "23502")


def _unique_came(one: _Told) -> Iterator[Gap]:
    if one["unique"]:
        yield Gap(one["table"], f"{one['table']} ({one['name']}) is unique now", "23505")


def _unique_gone(one: _Told) -> Iterator[Gap]:
    if one["unique"]:
        words = f"{one['table']} ({one['name']}) is not unique any more, as ON CONFLICT needs it"
        yield Gap(one["table"], words, "42P10")


def _refers_now(one: _Told) -> Iterator[Gap]:
    yield Gap(one["table"], f"{one['table']} ({one['name']}) must be in another table now", "23503")


# Read backwards: what the models would add is what the schema lost.
_KINDS: Mapping[str, Callable[[_Told], Iterator[Gap]]] = {
    "add_table": _table_gone,
    "add_column": _column_gone,
    "remove_column": _column_came,
    "modify_nullable": _no_null,
    "remove_index": _unique_came,
    "remove_constraint": _unique_came,
    "add_index": _unique_gone,
    "add_constraint": _unique_gone,
    "remove_fk": _refers_now,
}

_DRIFT = {
    "add_table": "table {table} is missing",
    "remove_table": "table {table} is not of the models",
    "add_column": "column {table}.{name} is missing",
    "remove_column": "column {table}.{name} is not of the models",
    "modify_nullable": "column {table}.{name} takes NULL otherwise",
    "add_index": "index of {table} ({name}) is missing",
    "remove_index": "index of {table} ({name}) is not of the models",
    "add_constraint": "unique {table} ({name}) is missing",
    "remove_constraint": "unique {table} ({name}) is not of the models",
    "add_fk": "foreign key of {table} ({name}) is missing",
    "remove_fk": "foreign key of {table} ({name}) is not of the models",
}
