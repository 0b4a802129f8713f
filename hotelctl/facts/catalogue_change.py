"""What one statement changed in the catalogue, object by object."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from hotelctl.facts.catalogue import STORED_KINDS, Catalogue, Column, Relation


class ChangeKind(StrEnum):
    """What happened to an object."""

    GONE = "gone"
    RENAMED = "renamed"
    REWRITTEN = "rewritten"
    COLUMN_ADDED = "column added"
    COLUMN_GONE = "column gone"
    COLUMN_RENAMED = "column renamed"
    COLUMN_RETYPED = "column type"
    COLUMN_RECOLLATED = "column collation"
    REQUIRED = "not null"
    CONSTRAINT_ADDED = "constraint added"
    CONSTRAINT_VALIDATED = "constraint validated"
    CONSTRAINT_GONE = "constraint gone"
    INDEX_ADDED = "index added"
    INDEX_GONE = "index gone"


@dataclass(frozen=True, slots=True)
class Change:
    """`relation` is the number of the table, or of an index that was rewritten; `part` is what of it.

    `old` and `new` are how it stood in the catalogue; empty where it did not. `number` is that of the
    constraint or index, 0 for other things.
    """

    kind: ChangeKind
    relation: int
    name: str
    part: str = ""
    old: str = ""
    new: str = ""
    number: int = 0


def changes(before: Catalogue, after: Catalogue) -> tuple[Change, ...]:
    """Everything that relations of `before` have, lost or became; relations that are new are left out."""
    if before is after:
        return ()
    return (
        *_of_relations(before, after),
        *_of_columns(before, after),
        *_of_constraints(before, after),
        *_of_indexes(before, after),
    )


def _of_relations(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    for number, old in before.relations.items():
        new = after.relations.get(number)
        if new is None:
            if old.kind not in {"i", "I"}:
                yield Change(ChangeKind.GONE, number, old.name, old=old.kind)
            continue
        if new.name != old.name and old.kind not in {"i", "I", "S"}:
            yield Change(ChangeKind.RENAMED, number, old.name, old=old.name, new=new.name)
        if new.filenode != old.filenode and old.kind in {*STORED_KINDS, "i"}:
            yield Change(ChangeKind.REWRITTEN, number, old.name, old=old.kind, new=_reason(old, new))


def _reason(old: Relation, new: Relation) -> str:
    if new.persistence != old.persistence:
        return "persistence"
    return "access method" if new.method != old.method else ""


def _of_columns(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    for (table, place), new in after.columns.items():
        if table in before.relations and (table, place) not in before.columns:
            yield _column(ChangeKind.COLUMN_ADDED, before, table, new.name, new=new)
    for (table, place), old in before.columns.items():
        if table not in after.relations:
            continue
        now = after.columns.get((table, place))
        if now is None:
            yield _column(ChangeKind.COLUMN_GONE, before, table, old.name, old=old)
            continue
        if now.name != old.name:
            yield Change(ChangeKind.COLUMN_RENAMED, table, before.name(table), old.name, old.name, now.name)
        if now.type != old.type:
            yield Change(ChangeKind.COLUMN_RETYPED, table, before.name(table), old.name, old.type, now.type)
        elif now.collation != old.collation:
            yield Change(
                ChangeKind.COLUMN_RECOLLATED,
                table,
                before.name(table),
                old.name,
                old.collation or "",
                now.collation or "",
            )
        if now.not_null and not old.not_null:
            yield _column(ChangeKind.REQUIRED, before, table, old.name, old=old, new=now)


def _column(
    kind: ChangeKind,
    known: Catalogue,
    table: int,
    part: str,
    old: Column | None = None,
    new: Column | None = None,
) -> Change:
    return Change(kind, table, known.name(table), part, _words(old), _words(new))


def _words(column: Column | None) -> str:
    if column is None:
        return ""
    default = f" DEFAULT {column.default}" if column.default is not None and not column.kind else ""
    kind = f" {column.kind}" if column.kind else ""
    return f"{column.type}{kind}{default}{' NOT NULL' if column.not_null else ''}"


def _of_constraints(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    for number, new in after.constraints.items():
        if new.table not in before.relations or new.kind == "n":
            continue
        table, old = before.name(new.table), before.constraints.get(number)
        if old is None:
            added = ChangeKind.CONSTRAINT_ADDED
            yield Change(added, new.table, table, new.name, "", new.definition, number)
        elif new.valid and not old.valid:
            held = ChangeKind.CONSTRAINT_VALIDATED
            yield Change(held, new.table, table, new.name, old.definition, new.definition, number)
    for number, old in before.constraints.items():
        if number not in after.constraints and old.table in after.relations and old.kind != "n":
            gone, table = ChangeKind.CONSTRAINT_GONE, before.name(old.table)
            yield Change(gone, old.table, table, old.name, old.definition, "", number)


def _of_indexes(before: Catalogue, after: Catalogue) -> Iterator[Change]:
    for number, new in after.indexes.items():
        if number not in before.indexes and new.table in before.relations:
            added, table = ChangeKind.INDEX_ADDED, before.name(new.table)
            yield Change(added, new.table, table, after.name(number), "", new.definition, number)
    for number, old in before.indexes.items():
        if number not in after.indexes and old.table in after.relations:
            gone, table = ChangeKind.INDEX_GONE, before.name(old.table)
            yield Change(gone, old.table, table, before.name(number), old.definition, "", number)
