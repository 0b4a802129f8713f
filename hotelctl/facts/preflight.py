"""Questions to the live rows whose answers say whether a migration's new rules hold for them."""

# ruff: noqa: S608 - every name comes quoted from PostgreSQL itself

import re
from collections.abc import Iterator
from dataclasses import dataclass

from hotelctl.facts.catalogue import Catalogue, Index
from hotelctl.facts.catalogue_change import Change, ChangeKind, changes
from hotelctl.facts.hazard_step import steps
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.sample_rows import quoted

_FOREIGN = re.compile(r"^FOREIGN KEY \((?P<columns>.+?)\) REFERENCES (?P<parent>.+?)\((?P<keys>.+?)\)")
_CHECK = re.compile(r"^CHECK (?P<rule>\(.*\))$", re.DOTALL)
_UNIQUE = re.compile(r"^CREATE UNIQUE INDEX .+ ON .+ USING \w+ \((?P<keys>[^()]+)\)$")
_USING = re.compile(r"\bUSING\b", re.IGNORECASE)
# Enough to know that it fails; a table of millions is not counted to its end.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Preflight:
    """Rows that stand in the way of what `statement` of the trace adds: `rows` shows some, `sql` counts them.

    Both end at a limit.
    """

    table: str
    what: str
    rule: str
    statement: int

    @property
    def sql(self) -> str:
        """One number."""
        return f"SELECT count(*) FROM (SELECT FROM {self.table} {self.rule} LIMIT {_MOST}) AS found"

    @property
    def rows(self) -> str:
        """For people: some of the rows, or of the values that are there more than once."""
        shown = self.rule.partition(" GROUP BY ")[2].partition(" HAVING ")[0] or "*"
        return f"SELECT {shown} FROM {self.table} {self.rule} LIMIT 20"


def preflight(trace: Trace) -> tuple[Preflight, ...]:
    """The questions, in the order of the statements; a rule about a column that is new is none."""
    return tuple(
        one
        for step in steps(trace)
        if step.one.after is not None
        for change in changes(step.before, step.one.after)
        if change.relation in trace.before.relations
        and (change.kind is not ChangeKind.COLUMN_RETYPED or _by_input(change.part, step.one.sql))
        for one in _of(trace.before, step.one.after, change, step.place)
    )


def _by_input(column: str, sql: str) -> bool:
    """Whether a new type takes a column's values as they are written; another USING may take any."""
    using = _USING.search(sql)
    name = re.escape(quoted(column)[1:-1])
    plain = re.compile(rf'\s*\(*"?{name}"?\)*\s*::', re.IGNORECASE)
    return using is None or plain.match(sql, using.end()) is not None


def _of(live: Catalogue, after: Catalogue, change: Change, place: int) -> Iterator[Preflight]:
    table = live.name(change.relation)
    known = {column.name for (number, _), column in live.columns.items() if number == change.relation}
    if change.kind is ChangeKind.REQUIRED and change.part in known:
        yield Preflight(
            table, f"{table}.{change.part} is NULL", f"WHERE {quoted(change.part)} IS NULL", place
        )
    elif change.kind is ChangeKind.COLUMN_RETYPED and change.part in known:
        rule = f"WHERE NOT pg_input_is_valid({quoted(change.part)}::text, {_literal(change.new)})"
        yield Preflight(table, f"{table}.{change.part} is no {change.new}", rule, place)
    elif change.kind in {ChangeKind.CONSTRAINT_ADDED, ChangeKind.CONSTRAINT_VALIDATED}:
        yield from _of_constraint(live, after, change, place)
    elif change.kind is ChangeKind.INDEX_ADDED:
        yield from _of_index(live, after.indexes[change.number], change, place)


def _of_constraint(live: Catalogue, after: Catalogue, change: Change, place: int) -> Iterator[Preflight]:
    constraint, table = after.constraints[change.number], live.name(change.relation)
    if not constraint.valid or not _are_live(live, after, change.relation, constraint.columns):
        return
    if check := _CHECK.match(constraint.definition):
        # NULL keeps a CHECK, as it does in PostgreSQL.
        rule = f"WHERE NOT {check['rule']}"
        yield Preflight(table, f"{table} breaks {change.part} {constraint.definition}", rule, place)
    elif (foreign := _FOREIGN.match(constraint.definition)) and constraint.parent in live.relations:
        yield _orphans(table, live.name(constraint.parent), foreign, place)


def _orphans(table: str, parent: str, foreign: re.Match[str], place: int) -> Preflight:
    pairs = list(zip(_split(foreign["columns"]), _split(foreign["keys"]), strict=True))
    same = " AND ".join(f"p.{key} = t.{column}" for column, key in pairs)
    there = " AND ".join(f"t.{column} IS NOT NULL" for column, _ in pairs)
    rule = f"t WHERE {there} AND NOT EXISTS (SELECT FROM {parent} p WHERE {same})"
    return Preflight(table, f"{table} refers to no row of {parent}", rule, place)


def _of_index(live: Catalogue, index: Index, change: Change, place: int) -> Iterator[Preflight]:
    found = _UNIQUE.match(index.definition)
    table = live.name(change.relation)
    known = {quoted(c.name) for (number, _), c in live.columns.items() if number == change.relation}
    known |= {name.strip('"') for name in known}
    if not index.unique or found is None or not set(_split(found["keys"])) <= known:
        return
    keys = found["keys"]
    there = " AND ".join(f"{key} IS NOT NULL" for key in _split(keys))
    rule = f"WHERE {there} GROUP BY {keys} HAVING count(*) > 1"
    yield Preflight(table, f"{table} holds the same ({keys}) twice", rule, place)


def _are_live(live: Catalogue, after: Catalogue, table: int, columns: tuple[int, ...]) -> bool:
    """Whether the columns were there under the same names before the first migration."""
    was = [live.columns.get((table, place)) for place in columns]
    now = [after.columns.get((table, place)) for place in columns]
    return all(a and b and a.name == b.name for a, b in zip(was, now, strict=True))


def _split(names: str) -> list[str]:
    return [one.strip() for one in names.split(",")]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
