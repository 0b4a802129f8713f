"""Catalogues and traces made by hand, small enough to be read.

Others know the table `public.rooms` with a column `name`, a key and an index, `public.notes` with a key, and
Alembic's ledger.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from hotelctl.facts.catalogue import Catalogue, Column, Constraint, Index, Relation
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazards import hazards
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Trace, Traced

ROOMS, ROOMS_KEY, ROOMS_NAME, NOTES, NOTES_KEY, LEDGER, NEW, NEW_KEY = 10, 11, 12, 20, 21, 30, 40, 41


def relation(name: str, kind: str = "r", filenode: int = 0, **fields: Any) -> Relation:  # noqa: ANN401 - its fields
    """A relation of the schema `public`."""
    good: dict[str, Any] = {"persistence": "p", "method": 2, "parent": 0}
    return Relation(f"public.{name}", kind, filenode=filenode, **(good | fields))


def index(table: int, words: str = "", *, unique: bool = False, valid: bool = True) -> Index:
    """An index of that table."""
    return Index(table, unique, valid, words)


def constraint(
    table: int,
    definition: str = "CHECK ((name <> ''::text))",
    kind: str = "c",
    *,
    name: str = "rule",
    valid: bool = True,
    columns: tuple[int, ...] = (2,),
) -> Constraint:
    """A rule of that table."""
    return Constraint(name, table, kind, valid, definition, columns, 0, 0)


BASE = Catalogue(
    relations={
        ROOMS: relation("rooms", filenode=100),
        ROOMS_KEY: relation("rooms_pkey", "i", 110),
        ROOMS_NAME: relation("rooms_name", "i", 120),
        NOTES: relation("notes", filenode=200),
        NOTES_KEY: relation("notes_pkey", "i", 210),
        LEDGER: relation("alembic_version", filenode=300),
    },
    columns={
        (ROOMS, 1): Column("id", "bigint", not_null=True, default=None),
        (ROOMS, 2): Column("name", "character varying(50)", not_null=False, default=None, collation='"C"'),
        (NOTES, 1): Column("id", "bigint", not_null=True, default=None),
        (LEDGER, 1): Column("version_num", "character varying(32)", not_null=True, default=None),
    },
    indexes={
        ROOMS_KEY: index(ROOMS, unique=True),
        ROOMS_NAME: index(ROOMS),
        NOTES_KEY: index(NOTES, unique=True),
    },
)


def changed(before: Catalogue, **parts: Mapping[Any, Any]) -> Catalogue:
    """`before` with these objects put in, and without those that are None."""
    found: dict[str, Any] = {}
    for name, part in parts.items():
        whole = {**getattr(before, name), **part}
        found[name] = {number: one for number, one in whole.items() if one is not None}
    return replace(before, **found)


def with_column(before: Catalogue, place: int = 2, table: int = ROOMS, **fields: Any) -> Catalogue:  # noqa: ANN401 - its fields
    """The column of that table is another one; new where it was not there."""
    new = Column("more", "integer", not_null=False, default=None)
    return changed(
        before, columns={(table, place): replace(before.columns.get((table, place), new), **fields)}
    )


def with_file(before: Catalogue, filenode: int, number: int = ROOMS) -> Catalogue:
    """The relation has another file."""
    return changed(before, relations={number: replace(before.relations[number], filenode=filenode)})


def with_index(
    before: Catalogue, table: int = ROOMS, filenode: int = 410, *, kind: str = "i", valid: bool = True
) -> Catalogue:
    """The table has one index more."""
    definition = "CREATE INDEX rooms_new ON public.rooms USING btree (name)"
    return changed(
        before,
        relations={NEW_KEY: relation("rooms_new", kind, filenode)},
        indexes={NEW_KEY: index(table, definition, valid=valid)},
    )


def with_table(before: Catalogue) -> Catalogue:
    """A table that others do not know."""
    return changed(
        before,
        relations={NEW: relation("fresh", filenode=400)},
        columns={(NEW, 1): Column("id", "bigint", not_null=True, default=None)},
    )


def did(sql: str, after: Catalogue | None = BASE, transaction: int = 1, **fields: Any) -> Traced:  # noqa: ANN401 - its fields
    """A statement that took a moment under a limit, behind which the catalogue is `after`."""
    good = {"duration_ms": 1.0, "lock_timeout_ms": 3000}
    return Traced(sql, transaction, after=after, **(good | fields))


def trace(*statements: Traced, rows: int = 20, before: Catalogue = BASE) -> Trace:
    """These statements, before which every table held so many rows."""
    return Trace(before, statements, dict.fromkeys(before.tables, rows))


def found(kind: HazardKind, *statements: Traced, rows: int = 20, before: Catalogue = BASE) -> list[Hazard]:
    """The hazards of that kind."""
    return [one for one in hazards(trace(*statements, rows=rows, before=before)) if one.kind is kind]


def under(lock: LockMode, *tables: int) -> dict[str, Any]:
    """These tables are locked like that."""
    return {"locks": dict.fromkeys(tables or (ROOMS,), lock)}


ALONE = under(LockMode.ACCESS_EXCLUSIVE)
