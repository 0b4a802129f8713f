"""What a database holds at one moment, as PostgreSQL's catalogue tells it, and what two moments differ in."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

TABLE_KINDS = frozenset({"r", "p"})
STORED_KINDS = frozenset({"r", "m"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table; `default` is the expression, `kind` says `generated` or `identity`."""

    name: str
    type: str
    not_null: bool
    default: str | None
    collation: str | None = None
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Constraint:
    """`kind` is c, f, p, u, x, n or t as in `pg_constraint`; `columns` are numbers of its table's columns."""

    name: str
    table: int
    kind: str
    valid: bool
    definition: str
    columns: tuple[int, ...]
    index: int
    parent: int
    deferred: bool = False


@dataclass(frozen=True, slots=True)
class Index:
    """An index of `table`; one that is not `valid` answers no question and still costs every write."""

    table: int
    unique: bool
    valid: bool
    definition: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A table, view, index or sequence; `kind` as in `pg_class`, `parent` is what it is a partition of."""

    name: str
    kind: str
    persistence: str
    filenode: int
    method: int
    parent: int
    default_partition: bool = False
    row_security: bool = False


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything by its number (oid); columns by their table's number and their own."""

    relations: Mapping[int, Relation] = field(default_factory=dict)
    columns: Mapping[tuple[int, int], Column] = field(default_factory=dict)
    constraints: Mapping[int, Constraint] = field(default_factory=dict)
    indexes: Mapping[int, Index] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def labels_of(self, type_name: str) -> tuple[str, ...]:
        """The labels of an enumeration in their order, by the name that columns give it."""
        return self.labels.get(type_name, ())

    def name(self, number: int) -> str:
        """The name of a relation, for people."""
        found = self.relations.get(number)
        return found.name if found else f"relation {number}"

    @property
    def tables(self) -> Iterator[int]:
        """The numbers of plain and partitioned tables."""
        return (number for number, one in self.relations.items() if one.kind in TABLE_KINDS)

    def table_of(self, number: int) -> int:
        """The table of an index, else the relation itself."""
        index = self.indexes.get(number)
        return index.table if index else number

    def parts(self, number: int) -> Iterator[int]:
        """The direct partitions of a table."""
        return (one for one, relation in self.relations.items() if relation.parent == number)

    def around(self, number: int) -> Iterator[int]:
        """The tables whose readers or writers a lock on this relation could reach: its own and partitions."""
        table = self.table_of(number)
        relation = self.relations.get(table)
        if relation is None:
            return
        yield table
        if relation.parent:
            yield relation.parent
            yield from (one for one in self.parts(relation.parent) if one != table)
        yield from self.parts(table)


def catalogue(data: Mapping[str, Sequence[Sequence[Any]]]) -> Catalogue:
    """From the lists that the question about it answers (`adapters.wire.questions`)."""
    return Catalogue(
        relations={row[0]: Relation(*row[1:]) for row in data["relations"]},
        columns={(row[0], row[1]): Column(*row[2:]) for row in data["columns"]},
        constraints={row[0]: _constraint(row) for row in data["constraints"]},
        indexes={row[0]: Index(*row[1:]) for row in data["indexes"]},
        labels={row[0]: tuple(row[1]) for row in data["labels"]},
    )


def _constraint(row: Sequence[Any]) -> Constraint:
    _number, name, table, kind, valid, definition, columns, index, parent, deferred = row
    return Constraint(name, table, kind, valid, definition, tuple(columns or ()), index, parent, deferred)
