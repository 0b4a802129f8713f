"""What is gone or of no use afterwards: data, plans that sessions keep, indexes that are not valid."""

from collections.abc import Iterator, Sequence

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.catalogue_change import Change, ChangeKind
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazard_step import Step, steps
from hotelctl.facts.lossy_type import loses
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.sql_split import all_words

_TABLES = frozenset({"r", "p"})
_FEW = 2
_REPLANNED = {
    ChangeKind.COLUMN_RETYPED: "has another type",
    ChangeKind.COLUMN_RECOLLATED: "has another collation",
    ChangeKind.COLUMN_ADDED: "is new, which SELECT * sees",
    ChangeKind.COLUMN_GONE: "is gone, which SELECT * sees",
}


def losses(step: Step, changed: Sequence[Change]) -> Iterator[Hazard]:
    """Tables, columns and rows that go, and values that a new type rounds or cuts."""
    for change in changed:
        detail = _loss(step, change)
        if detail:
            yield step.hazard(HazardKind.DATA_LOSS, change.relation, detail)
    for table, rows in step.one.rows.items():
        there = step.rows_of(table)
        if step.lived(table) and there >= _FEW and rows.deleted * _FEW >= there:
            detail = f"rows of {step.trace.before.name(table)} go, the more the larger it is"
            yield step.hazard(HazardKind.DATA_LOSS, table, detail)
        elif step.lived(table) and there < _FEW and rows.scans and _deletes_all(step):
            # Its rules let no row be made up here, so that none can be seen to go.
            yield step.hazard(HazardKind.DATA_LOSS, table, f"all rows of {step.trace.before.name(table)} go")


def _deletes_all(step: Step) -> bool:
    found = frozenset(all_words(step.one.sql))
    return "delete" in found and "where" not in found


def _loss(step: Step, change: Change) -> str:
    if change.kind is ChangeKind.REWRITTEN and change.old == "r" and step.empties(change.relation):
        return f"all rows of {change.name} go"
    if change.kind is ChangeKind.GONE and change.old in _TABLES:
        return f"table {change.name} goes"
    if change.kind is ChangeKind.COLUMN_GONE and "generated" not in change.old:
        return f"column {change.part} of {change.name} goes"
    cast = "using" in all_words(step.one.sql)
    if change.kind is ChangeKind.COLUMN_RETYPED and loses(change.old, change.new, cast=cast):
        return f"{change.name}.{change.part} becomes {change.new} and was {change.old}"
    return ""


def cached_plans(step: Step, changed: Sequence[Change]) -> Iterator[Hazard]:
    """Columns of which a session that prepared a statement before has another idea."""
    for change in changed:
        if change.kind in _REPLANNED:
            detail = f"{change.name}.{change.part} {_REPLANNED[change.kind]}"
            yield step.hazard(HazardKind.CACHED_PLAN, change.relation, detail, change)


def invalid_indexes(trace: Trace) -> Iterator[Hazard]:
    """New indexes that are not valid in the end, and old ones that `IF NOT EXISTS` takes for good.

    One of a partitioned table is valid as soon as each partition has its part of it.
    """
    last = next((one.after for one in reversed(trace.statements) if one.after), trace.before)
    bad = {number for number, index in last.indexes.items() if not index.valid}
    for step in steps(trace):
        after = step.one.after
        for number in bad & set(after.indexes if after else ()):
            old = step.before.indexes.get(number)
            if old is None or old.valid or _taken_for_good(step, number, last):
                name = last.name(number)
                table = last.indexes[number].table
                yield step.hazard(HazardKind.INVALID_INDEX, table, f"index {name} is not valid")


def _taken_for_good(step: Step, number: int, last: Catalogue) -> bool:
    name = last.name(number).rpartition(".")[2].strip('"').lower()
    words = step.one.sql.lower()
    return "if not exists" in words and name in words and number in step.trace.before.indexes
