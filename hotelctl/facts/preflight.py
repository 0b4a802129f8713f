"""Questions to the live rows whose answers say whether a migration's new rules hold for them."""

# ruff: noqa: S608 - every name comes quoted from PostgreSQL itself

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from hotelctl.facts.catalogue import Catalogue, Index
from hotelctl.facts.catalogue_change import Change, ChangeKind, changes
from hotelctl.facts.hazard_step import Step, steps
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.sample_rows import quoted
from hotelctl.facts.sql_split import first_words

_FOREIGN = re.compile(r"^FOREIGN KEY \((?P<columns>.+?)\) REFERENCES (?P<parent>.+?)\((?P<keys>.+?)\)")
_CHECK = re.compile(r"^CHECK (?P<rule>\(.*\))$", re.DOTALL)
_UNIQUE = re.compile(r"^CREATE UNIQUE INDEX .+? ON .+? USING \w+ (?=\()")
_TOKEN = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|[(),]|[^'"(),]+""")
_TAIL = re.compile(r"^(?: INCLUDE \([^()]*\))?(?: WHERE (?P<where>\(.*\)))?$", re.DOTALL)
_USING = re.compile(r"\bUSING\b", re.IGNORECASE)
# Enough to know that it fails; a table of millions is not counted to its end.
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Preflight:
    """Rows that stand in the way of what `statement` of the trace adds: `rows` shows some, `sql` counts them.

    Both end at a limit. A statement before it changed rows of the table where they may be `mended`.
    """

    table: str
    what: str
    rule: str
    statement: int
    mended: bool = False

    @property
    def sql(self) -> str:
        """One number."""
        return f"SELECT count(*) FROM (SELECT FROM {self.table} {self.rule} LIMIT {_MOST}) AS found"

    @property
    def rows(self) -> str:
        """For people: some of the rows, or of the values that are there more than once."""
        shown = self.rule.partition(" GROUP BY ")[2].partition(" HAVING ")[0] or "*"
        return f"SELECT {shown} FROM {self.table} {self.rule} LIMIT 20"


@dataclass(frozen=True, slots=True)
class Unasked:
    """A rule that `statement` of the trace adds for rows that are there, and no question is known for it."""

    what: str
    statement: int


def preflight(trace: Trace) -> tuple[Preflight, ...]:
    """The questions, in the order of the statements; a rule about a column that is new is none."""
    written = _first_writes(trace)
    return tuple(
        replace(one, mended=written.get(change.relation, step.place) < step.place)
        for step, after, change in _changes(trace)
        for one in _asked(step, after, change)
    )


def unasked(trace: Trace) -> tuple[Unasked, ...]:
    """The rules for which there is no question, in the order of the statements."""
    live = trace.before
    found = [
        Unasked(f"{live.name(change.relation)}.{change.part} {change.new}", step.place)
        for step, after, change in _changes(trace)
        if _binds(live, after, change) and not list(_asked(step, after, change))
    ]
    for step in steps(trace):
        found += [Unasked(f"the domain {words}", step.place) for words in _domains(step)]
    return tuple(found)


def leaves_index(sql: str) -> bool:
    """Whether a statement that rows stand in the way of leaves an index behind that is not valid."""
    return first_words(sql, 4) == ("create", "unique", "index", "concurrently")


def _changes(trace: Trace) -> Iterator[tuple[Step, Catalogue, Change]]:
    for step in steps(trace):
        after = None if step.takes_back else step.one.after
        for change in changes(step.before, after) if after else ():
            if change.relation in trace.before.relations:
                yield step, after or step.before, change


def _first_writes(trace: Trace) -> Mapping[int, int]:
    """The first statement that changed or took away rows, by table."""
    found: dict[int, int] = {}
    for step in steps(trace):
        for table, rows in step.one.rows.items():
            if rows.updated or rows.deleted:
                found.setdefault(table, step.place)
    return found


def _asked(step: Step, after: Catalogue, change: Change) -> Iterator[Preflight]:
    if change.kind is not ChangeKind.COLUMN_RETYPED or _by_input(change.part, step.one.sql):
        yield from _of(step.trace.before, after, change, step.place)


def _binds(live: Catalogue, after: Catalogue, change: Change) -> bool:
    """Whether rows that are there may break it."""
    if change.kind is ChangeKind.COLUMN_RETYPED:
        return any(n == change.relation and c.name == change.part for (n, _), c in live.columns.items())
    if change.kind is ChangeKind.INDEX_ADDED:
        index = after.indexes[change.number]
        new = {
            column.name
            for place, column in after.columns.items()
            if place[0] == change.relation and place not in live.columns
        }
        return index.unique and not any(name in index.definition for name in new)
    if change.kind not in {ChangeKind.CONSTRAINT_ADDED, ChangeKind.CONSTRAINT_VALIDATED}:
        return False
    one = after.constraints[change.number]
    return one.valid and one.kind in "cfx" and all((one.table, n) in live.columns for n in one.columns)


def _domains(step: Step) -> Iterator[str]:
    """Those of live columns that have another rule, which counts for rows that are there, too."""
    types = {column.type.removesuffix("[]") for column in step.trace.before.columns.values()}
    for name, now in (step.one.after or step.before).domains.items():
        was = step.before.domains.get(name)
        more = was is not None and (len(now.rules) > len(was.rules) or was.rules.endswith("NOT VALID"))
        if was and more and now.rules != was.rules and name in types and not now.rules.endswith("NOT VALID"):
            yield f"{name} {now.rules}"


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
    elif change.kind is ChangeKind.COLUMN_ADDED and _wants_a_value(after, change):
        yield Preflight(table, f"{table} has rows, and {change.part} is NOT NULL", "WHERE true", place)
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


def _wants_a_value(after: Catalogue, change: Change) -> bool:
    column = next(c for (n, _), c in after.columns.items() if n == change.relation and c.name == change.part)
    return column.not_null and column.default is None and not column.kind


def _of_index(live: Catalogue, index: Index, change: Change, place: int) -> Iterator[Preflight]:
    hit = _UNIQUE.match(index.definition)
    table = live.name(change.relation)
    known = {quoted(c.name) for (number, _), c in live.columns.items() if number == change.relation}
    known |= {name.strip('"') for name in known}
    if not index.unique or hit is None:
        return
    keys, behind = _keys(index.definition[hit.end() :])
    tail = _TAIL.match(behind)
    # What ends otherwise has an order, a collation or an operator class, by which nobody groups.
    if tail is None or not all(key in known or key.endswith(")") for key in keys):
        return
    meant = [tail["where"]] if tail["where"] else []
    there = " AND ".join([*meant, *(f"{key} IS NOT NULL" for key in keys)])
    listed = ", ".join(keys)
    rule = f"WHERE {there} GROUP BY {listed} HAVING count(*) > 1"
    yield Preflight(table, f"{table} holds the same ({listed}) twice", rule, place)


def _keys(text: str) -> tuple[list[str], str]:
    """What stands between the first bracket and its other half, cut at its commas, and the rest."""
    keys, depth, place = [""], 0, 0
    for token in _TOKEN.finditer(text):
        part, place = token[0], token.end()
        depth += (part == "(") - (part == ")")
        if not depth:
            break
        if part == "," and depth == 1:
            keys.append("")
        elif part != "(" or depth > 1:
            keys[-1] += part
    return [key.strip() for key in keys], text[place:]


def _are_live(live: Catalogue, after: Catalogue, table: int, columns: tuple[int, ...]) -> bool:
    """Whether the columns were there under the same names before the first migration."""
    was = [live.columns.get((table, place)) for place in columns]
    now = [after.columns.get((table, place)) for place in columns]
    return all(a and b and a.name == b.name for a, b in zip(was, now, strict=True))


def _split(names: str) -> list[str]:
    return [one.strip() for one in names.split(",")]


def _literal(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
