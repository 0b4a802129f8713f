"""What a database holds at one moment, as PostgreSQL's catalogue tells it, and what two moments differ in."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

# Of the whole catalogue only what somebody made: each part a line an object, as an array in the order of the
# fields below, and an empty line between two parts.
CATALOGUE = """
SELECT pg_catalog.concat_ws(E'\\n\\n',
(SELECT coalesce(string_agg(json_build_array(
    c.oid::int8, pg_catalog.format('%I.%I', n.nspname, c.relname), c.relkind::text,
    c.relpersistence::text,
    coalesce(pg_catalog.pg_relation_filenode(c.oid), 0)::int8, c.relam::int8,
    coalesce((SELECT i.inhparent FROM pg_catalog.pg_inherits i
        WHERE i.inhrelid = c.oid AND c.relispartition LIMIT 1), 0)::int8,
    coalesce(pg_catalog.pg_get_expr(c.relpartbound, c.oid) = 'DEFAULT', false), c.relrowsecurity)::text,
    E'\\n'), '')
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
(SELECT coalesce(string_agg(json_build_array(
    a.attrelid::int8, a.attnum, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
    pg_catalog.pg_get_expr(d.adbin, d.adrelid),
    CASE WHEN a.attcollation <> 0 THEN a.attcollation::regcollation::text END,
    CASE WHEN a.attgenerated::text <> '' THEN 'generated ' || a.attgenerated::text
      WHEN a.attidentity::text <> '' THEN 'identity ' || a.attidentity::text ELSE '' END)::text,
    E'\\n'), '')
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
(SELECT coalesce(string_agg(json_build_array(
    k.oid::int8, k.conname, k.conrelid::int8, k.contype::text, k.convalidated,
    pg_catalog.pg_get_constraintdef(k.oid), k.conkey, k.conindid::int8, k.confrelid::int8,
    k.condeferred)::text, E'\\n'), '')
  FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_namespace n ON n.oid = k.connamespace
  WHERE k.conrelid <> 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
(SELECT coalesce(string_agg(json_build_array(
    i.indexrelid::int8, i.indrelid::int8, i.indisunique, i.indisvalid,
    pg_catalog.pg_get_indexdef(i.indexrelid))::text, E'\\n'), '')
  FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
  JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'),
(SELECT coalesce(string_agg(json_build_array(
    pg_catalog.format_type(e.typ, NULL), e.labels)::text, E'\\n'), '') FROM (
    SELECT enumtypid AS typ, json_agg(enumlabel ORDER BY enumsortorder) AS labels
    FROM pg_catalog.pg_enum GROUP BY enumtypid) e),
(SELECT coalesce(string_agg(json_build_array(
    pg_catalog.format_type(t.oid, NULL), pg_catalog.format_type(t.typbasetype, t.typtypmod),
    coalesce((SELECT string_agg(pg_catalog.pg_get_constraintdef(k.oid), ' ')
        FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid), ''))::text, E'\\n'), '')
  FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE t.typtype = 'd' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'))
"""

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
class Domain:
    """A type that is another `base` with rules of its own, as PostgreSQL writes them."""

    base: str
    rules: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Everything by its number (oid); columns by their table's number and their own; types by their names."""

    relations: Mapping[int, Relation] = field(default_factory=dict)
    columns: Mapping[tuple[int, int], Column] = field(default_factory=dict)
    constraints: Mapping[int, Constraint] = field(default_factory=dict)
    indexes: Mapping[int, Index] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    domains: Mapping[str, Domain] = field(default_factory=dict)

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

    def by_table(self) -> Mapping[int, "Catalogue"]:
        """For each relation the same, but of columns, constraints and indexes only its own."""
        columns: dict[int, dict[tuple[int, int], Column]] = defaultdict(dict)
        constraints: dict[int, dict[int, Constraint]] = defaultdict(dict)
        indexes: dict[int, dict[int, Index]] = defaultdict(dict)
        for key, column in self.columns.items():
            columns[key[0]][key] = column
        for number, constraint in self.constraints.items():
            constraints[constraint.table][number] = constraint
        for number, index in self.indexes.items():
            indexes[index.table][number] = index
        return {
            one: replace(self, columns=columns[one], constraints=constraints[one], indexes=indexes[one])
            for one in self.relations
        }

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


_LINE, _PART = "\n", "\n\n"


@dataclass(frozen=True, slots=True)
class _Read:
    """One part as it was answered, its objects by their lines, and the same by their keys."""

    answer: str
    lines: Mapping[str, tuple[Any, Any]]
    objects: Mapping[Any, Any]


class CatalogueReader:
    """Reads one catalogue after the other; what is as it was before is the same object again."""

    def __init__(self) -> None:
        """Nothing was read yet."""
        self._former: dict[str, _Read] = {}

    def read(self, answer: str) -> Catalogue:
        """From the one value that `CATALOGUE` answers with."""
        parts = zip(_MADE, answer.split(_PART), strict=True)
        return Catalogue(**{name: self._part(name, part) for name, part in parts})

    def _part(self, name: str, answer: str) -> Mapping[Any, Any]:
        former = self._former.get(name, _NOTHING)
        if former.answer == answer:
            return former.objects
        make, known = _MADE[name], former.lines
        lines = {line: known.get(line) or make(json.loads(line)) for line in answer.split(_LINE) if line}
        # At once, for several sessions are read.
        self._former[name] = _Read(answer, lines, dict(lines.values()))
        return self._former[name].objects


_NOTHING = _Read("", {}, {})


def catalogue(answer: str) -> Catalogue:
    """The same of one alone."""
    return CatalogueReader().read(answer)


def _constraint(row: Sequence[Any]) -> Constraint:
    _number, name, table, kind, valid, definition, columns, index, parent, deferred = row
    return Constraint(name, table, kind, valid, definition, tuple(columns or ()), index, parent, deferred)


_MADE: Mapping[str, Callable[[Sequence[Any]], tuple[Any, Any]]] = {
    "relations": lambda row: (row[0], Relation(*row[1:])),
    "columns": lambda row: ((row[0], row[1]), Column(*row[2:])),
    "constraints": lambda row: (row[0], _constraint(row)),
    "indexes": lambda row: (row[0], Index(*row[1:])),
    "labels": lambda row: (row[0], tuple(row[1])),
    "domains": lambda row: (row[0], Domain(*row[1:])),
}
