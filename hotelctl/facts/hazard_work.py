"""Work that grows with a table: rewrites, index builds, scans under a lock, rows changed at once."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from hotelctl.facts.catalogue_change import Change, ChangeKind
from hotelctl.facts.hazard import Hazard, HazardKind
from hotelctl.facts.hazard_step import Step
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows
from hotelctl.facts.sql_split import all_words

_REWRITING = frozenset({ChangeKind.COLUMN_RETYPED, ChangeKind.COLUMN_ADDED})
# What makes PostgreSQL read all rows, the more telling first.
_SCANNING = (
    ChangeKind.COLUMN_RETYPED,
    ChangeKind.CONSTRAINT_ADDED,
    ChangeKind.CONSTRAINT_VALIDATED,
    ChangeKind.REQUIRED,
    ChangeKind.COLUMN_ADDED,
)
_CHANGING = frozenset({"update", "delete", "merge", "insert", "with", "do", "select", "call"})
_FETCHED = frozenset({("fetch", "first"), ("fetch", "next")})
# Of made-up rows: a condition that one in four meets is met by more the larger the table is.
_MANY = 4
_FEW = 2


def work(step: Step, changed: Sequence[Change]) -> Iterator[Hazard]:
    """The hazards of one statement; a table that is rewritten or indexed is not told as read, too."""
    found = [*_rewrites(step, changed), *_index_builds(step, changed)]
    busy = {hazard.table for hazard in found}
    yield from found
    yield from (hazard for hazard in _scans(step, changed) if hazard.table not in busy)
    yield from _backfills(step)


def _rewrites(step: Step, changed: Sequence[Change]) -> Iterator[Hazard]:
    rewritten = [change for change in changed if change.kind is ChangeKind.REWRITTEN]
    tables = {change.relation for change in rewritten if change.old != "i"}
    for change in rewritten:
        if step.empties(step.before.table_of(change.relation)) and change.old != "m":
            continue
        if change.old == "i":
            table = step.before.table_of(change.relation)
            if table not in tables:
                yield step.hazard(HazardKind.INDEX_BUILD, table, f"index {change.name} is built again")
            continue
        cause = next((c for c in changed if c.relation == change.relation and c.kind in _REWRITING), None)
        reason = change.new or _reason(cause) or step.word.upper()
        detail = f"{change.name} is written anew ({reason})"
        yield step.hazard(HazardKind.REWRITE, change.relation, detail, cause)


def _reason(cause: Change | None) -> str:
    if cause is None:
        return ""
    return "column type" if cause.kind is ChangeKind.COLUMN_RETYPED else "default of a new column"


def _index_builds(step: Step, changed: Sequence[Change]) -> Iterator[Hazard]:
    """Indexes that are built while writers wait; a type written alike takes over the old file."""
    rewritten = {change.relation for change in changed if change.kind is ChangeKind.REWRITTEN}
    files = {relation.filenode for relation in step.before.relations.values()}
    for change in changed:
        taken_over = _file(step, change.number) in files
        if change.kind is not ChangeKind.INDEX_ADDED or change.relation in rewritten or taken_over:
            continue
        lock = step.one.locks.get(change.relation)
        if lock is not None and lock.refuses_writes:
            detail = f"index {change.part} is built over all rows"
            yield step.hazard(HazardKind.INDEX_BUILD, change.relation, detail, change)


def _file(step: Step, number: int) -> int:
    found = step.one.after.relations.get(number) if step.one.after else None
    return found.filenode if found else 0


def _scans(step: Step, changed: Sequence[Change]) -> Iterator[Hazard]:
    """Tables that are read through for a rule; what a statement reads for itself locks nobody out."""
    if step.word == "truncate":
        return
    for table, rows in step.one.rows.items():
        lock = step.one.locks.get(table)
        if not step.lived(table) or not rows.scans or lock is None or not lock.refuses_writes:
            continue
        cause = min(
            (change for change in changed if change.kind in _SCANNING),
            key=lambda change: _SCANNING.index(change.kind),
            default=None,
        )
        if step.word in _CHANGING and (cause is None or cause.kind is ChangeKind.COLUMN_ADDED):
            continue
        again = cause is not None and cause.kind is ChangeKind.COLUMN_RETYPED
        why = ", as its rules are checked again for the new type" if again else ""
        detail = f"all rows of {step.trace.before.name(table)} are read{why}"
        yield step.hazard(HazardKind.SCAN, table, detail, cause)


def _backfills(step: Step) -> Iterator[Hazard]:
    if step.word not in _CHANGING or _limited(step.one.sql):
        return
    for table, rows in step.one.rows.items():
        lock = step.one.locks.get(table)
        writes = step.lived(table) and lock is not None and lock >= LockMode.ROW_EXCLUSIVE
        if writes and _grows(step, table, rows):
            detail = f"most rows of {step.trace.before.name(table)} are changed and stay locked"
            yield step.hazard(HazardKind.BACKFILL, table, detail)


def _limited(sql: str) -> bool:
    """Whether it says how many rows it wants at most, or ends its transaction again and again.

    A text or a comment that says so does not count.
    """
    found = list(all_words(sql))
    return "limit" in found or {"loop", "commit"} <= set(found) or not _FETCHED.isdisjoint(pairwise(found))


def _grows(step: Step, table: int, rows: Rows) -> bool:
    """Whether the number of rows that it locks grows with the table.

    Where its condition is met by none of the made-up rows, it counts that no index leads to those it means.
    Of several that were watched together one counts with all that was changed but a row by each other one.
    """
    there, touched = step.rows_of(table), rows.updated + rows.deleted
    if touched:
        touched = max(1, touched - (step.one.together - 1))
        return there >= _FEW and touched * _MANY >= there
    return step.reads_all(rows, table) and _changes_rows(step)


def _changes_rows(step: Step) -> bool:
    words = step.one.sql.lower()
    return "update" in words or "delete" in words or "merge" in words
