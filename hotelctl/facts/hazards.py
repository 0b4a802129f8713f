"""What of a watched migration would hurt a database that is in use, each with the statement that shows it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.catalogue_change import Change, ChangeKind, changes
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.lossy_type import loses
from hotelctl.facts.migration_set import is_ledger
from hotelctl.facts.migration_trace import Rows, Trace, Traced
from hotelctl.facts.sql_split import first_words

_WRITING = frozenset({"update", "delete", "merge", "with", "insert", "do", "call", "select"})
_HALF = 2
_EVERY = "most rows of {} are changed and stay locked"
_LONG_MS = 500.0


class HazardKind(StrEnum):
    """How a statement hurts."""

    REWRITE = "rewrite"
    SCAN = "scan"
    INDEX_BUILD = "index build"
    BACKFILL = "backfill"
    HELD_LOCK = "held lock"
    NO_LOCK_TIMEOUT = "no lock_timeout"
    CANNOT_RUN = "cannot run"
    FAILS_ON_DATA = "fails on data"
    DATA_LOSS = "data loss"
    INVALID_INDEX = "invalid index"
    CACHED_PLAN = "cached plan"


# Work that grows with the table.
LONG = frozenset({HazardKind.REWRITE, HazardKind.SCAN, HazardKind.INDEX_BUILD, HazardKind.BACKFILL})


@dataclass(frozen=True, slots=True)
class Hazard:
    """`statement` is its place in the trace; `lock` what it holds on `table` meanwhile, None for none.

    `refused` is what others have to wait for, `detail` the measured fact in words. `part` is the column,
    constraint or index that brings it, `definition` how the catalogue writes that, `cause` what happened to
    it; empty where there is none.
    """

    kind: HazardKind
    statement: int
    table: str
    detail: str
    lock: LockMode | None = None
    refused: str = ""
    part: str = ""
    definition: str = ""
    cause: ChangeKind | None = None


def hazards(trace: Trace) -> tuple[Hazard, ...]:
    """Every hazard, in the order of the statements."""
    found: list[Hazard] = []
    for place, before, one in steps(trace):
        found += _of_statement(_Step(trace, place, before, one))
    found += _held(trace, found)
    return tuple(sorted(found, key=lambda one: one.statement))


def steps(trace: Trace) -> Iterator[tuple[int, Catalogue, Traced]]:
    """Each statement with its place and the catalogue before it."""
    before = trace.before
    for place, one in enumerate(trace.statements):
        yield place, before, one
        before = one.after or before


@dataclass(frozen=True, slots=True)
class _Step:
    trace: Trace
    place: int
    before: Catalogue
    one: Traced

    def hazard(self, kind: HazardKind, relation: int, detail: str, cause: Change | None = None) -> Hazard:
        lock = self.one.locks.get(relation)
        blocked = self.one.blocked.get(relation, ())
        refused = (lock.refuses if lock else "") or " and ".join(blocked)
        name = self.trace.before.name(relation)
        if cause is None:
            return Hazard(kind, self.place, name, detail, lock, refused)
        part, new, what = cause.part, cause.new, cause.kind
        return Hazard(kind, self.place, name, detail, lock, refused, part, new, what)

    def lived(self, relation: int) -> bool:
        """Whether others knew it before the run."""
        return relation in self.trace.before.relations and not is_ledger(self.trace.before.name(relation))


def _of_statement(step: _Step) -> Iterator[Hazard]:
    one = step.one
    if one.error is not None:
        data = one.error.sqlstate[:2] in {"22", "23"}
        kind = HazardKind.FAILS_ON_DATA if data else HazardKind.CANNOT_RUN
        yield Hazard(kind, step.place, "", f"{one.error.message} ({one.error.sqlstate})")
        return
    changed = () if one.after is None else changes(step.before, one.after)
    lived = [change for change in changed if step.lived(change.relation)]
    work = [*_rewrites(step, lived), *_index_builds(step, lived)]
    busy = {hazard.table for hazard in work}
    work += [hazard for hazard in _scans(step, lived) if hazard.table not in busy]
    yield from work
    yield from _losses(step, lived)
    yield from _cached_plans(step, lived)
    yield from _invalid_indexes(step)
    yield from _without_timeout(step)


def _rewrites(step: _Step, changed: list[Change]) -> Iterator[Hazard]:
    if _word(step.one) == "truncate":
        return
    retyped = {change.relation for change in changed if change.kind is ChangeKind.COLUMN_RETYPED}
    added = {change.relation for change in changed if change.kind is ChangeKind.COLUMN_ADDED}
    for change in changed:
        if change.kind is not ChangeKind.REWRITTEN:
            continue
        if change.old == "i":
            table = step.before.table_of(change.relation)
            if not any(c.kind is ChangeKind.REWRITTEN and c.relation == table for c in changed):
                yield step.hazard(HazardKind.INDEX_BUILD, table, f"index {change.name} is built again")
            continue
        reason = change.new or (
            "column type"
            if change.relation in retyped
            else "default of a new column"
            if change.relation in added
            else _word(step.one).upper()
        )
        cause = next((c for c in changed if c.relation == change.relation and c.kind in _REWRITING), None)
        yield step.hazard(
            HazardKind.REWRITE, change.relation, f"{change.name} is written anew ({reason})", cause
        )


def _index_builds(step: _Step, changed: list[Change]) -> Iterator[Hazard]:
    """Indexes that are built while writers wait; a type written alike takes over the old file."""
    rewritten = {change.relation for change in changed if change.kind is ChangeKind.REWRITTEN}
    files = {relation.filenode for relation in step.before.relations.values()}
    for change in changed:
        taken_over = _file(step, change.number) in files
        if change.kind is not ChangeKind.INDEX_ADDED or change.relation in rewritten or taken_over:
            continue
        lock = step.one.locks.get(change.relation)
        if lock is not None and lock.refuses_writes:
            yield step.hazard(
                HazardKind.INDEX_BUILD, change.relation, f"index {change.part} is built over all rows", change
            )


_REWRITING = frozenset({ChangeKind.COLUMN_RETYPED, ChangeKind.COLUMN_ADDED})
# What makes PostgreSQL read all rows, the more telling first.
_SCANNING = (
    ChangeKind.COLUMN_RETYPED,
    ChangeKind.CONSTRAINT_ADDED,
    ChangeKind.CONSTRAINT_VALIDATED,
    ChangeKind.REQUIRED,
    ChangeKind.COLUMN_ADDED,
)


def _file(step: _Step, number: int) -> int:
    found = step.one.after.relations.get(number) if step.one.after else None
    return found.filenode if found else 0


def _scans(step: _Step, changed: list[Change]) -> Iterator[Hazard]:
    for table, rows in step.one.rows.items():
        if not step.lived(table):
            continue
        lock = step.one.locks.get(table)
        if _word(step.one) in _WRITING:
            if _is_backfill(step, table, rows, lock):
                yield step.hazard(HazardKind.BACKFILL, table, _EVERY.format(step.trace.before.name(table)))
        elif rows.scans and lock is not None and lock.refuses_writes:
            cause = min(
                (change for change in changed if change.kind in _SCANNING),
                key=lambda change: _SCANNING.index(change.kind),
                default=None,
            )
            name = step.trace.before.name(table)
            again = cause is not None and cause.kind is ChangeKind.COLUMN_RETYPED
            why = ", as its rules are checked again for the new type" if again else ""
            yield step.hazard(HazardKind.SCAN, table, f"all rows of {name} are read{why}", cause)


def _is_backfill(step: _Step, table: int, rows: Rows, lock: LockMode | None) -> bool:
    """Whether the number of rows that it locks grows with the table."""
    if lock is None or lock < LockMode.ROW_EXCLUSIVE:
        return False
    there = step.trace.row_counts.get(table, 0)
    touched = rows.updated + rows.deleted
    if there >= _HALF:
        return touched * _HALF >= there
    return rows.scans > 0 and _changes_rows(step.one.sql)


def _changes_rows(sql: str) -> bool:
    words = sql.lower()
    return "update" in words or "delete" in words or "merge" in words


def _losses(step: _Step, changed: list[Change]) -> Iterator[Hazard]:
    if _word(step.one) == "truncate":
        for change in changed:
            if change.kind is ChangeKind.REWRITTEN and change.old == "r":
                yield step.hazard(HazardKind.DATA_LOSS, change.relation, f"all rows of {change.name} go")
    for change in changed:
        if change.kind is ChangeKind.GONE and change.old in {"r", "p"}:
            yield step.hazard(HazardKind.DATA_LOSS, change.relation, f"table {change.name} goes")
        elif change.kind is ChangeKind.COLUMN_GONE and "generated" not in change.old:
            yield step.hazard(
                HazardKind.DATA_LOSS, change.relation, f"column {change.part} of {change.name} goes"
            )
        elif change.kind is ChangeKind.COLUMN_RETYPED and loses(change.old, change.new):
            yield step.hazard(
                HazardKind.DATA_LOSS,
                change.relation,
                f"{change.name}.{change.part} becomes {change.new} and was {change.old}",
            )
    for table, rows in step.one.rows.items():
        there = step.trace.row_counts.get(table, 0)
        if step.lived(table) and there >= _HALF and rows.deleted >= there:
            yield step.hazard(HazardKind.DATA_LOSS, table, f"all rows of {step.trace.before.name(table)} go")


_REPLANNED = {
    ChangeKind.COLUMN_RETYPED: "has another type",
    ChangeKind.COLUMN_RECOLLATED: "has another collation",
    ChangeKind.COLUMN_ADDED: "is new, which SELECT * sees",
}


def _cached_plans(step: _Step, changed: list[Change]) -> Iterator[Hazard]:
    for change in changed:
        if change.kind in _REPLANNED:
            yield step.hazard(
                HazardKind.CACHED_PLAN,
                change.relation,
                f"{change.name}.{change.part} {_REPLANNED[change.kind]}",
                change,
            )


def _invalid_indexes(step: _Step) -> Iterator[Hazard]:
    """New ones, and old ones that `IF NOT EXISTS` takes for good."""
    after = step.one.after
    if after is None or _word(step.one) not in {"create", "reindex", "do"}:
        return
    for number, index in after.indexes.items():
        old = step.before.indexes.get(number)
        hidden = old is not None and not old.valid and _names(step.one.sql, after.name(number))
        partitioned = after.relations[number].kind == "I" if number in after.relations else False
        if not index.valid and not partitioned and (old is None or old.valid or hidden):
            yield step.hazard(
                HazardKind.INVALID_INDEX, index.table, f"index {after.name(number)} is not valid"
            )


def _names(sql: str, name: str) -> bool:
    return name.rpartition(".")[2].strip('"').lower() in sql.lower()


def _without_timeout(step: _Step) -> Iterator[Hazard]:
    if step.one.lock_timeout_ms:
        return
    for relation, lock in step.one.locks.items():
        known = step.lived(relation) and step.trace.before.relations[relation].kind in {"r", "p", "v", "m"}
        if known and lock is LockMode.ACCESS_EXCLUSIVE and _is_new(step, relation):
            yield step.hazard(
                HazardKind.NO_LOCK_TIMEOUT,
                relation,
                f"waits for {lock.words} on {step.trace.before.name(relation)} without a limit",
            )


def _is_new(step: _Step, relation: int) -> bool:
    """Whether the transaction did not have the lock before."""
    before = _before_in_transaction(step.trace, step.place)
    return before.get(relation, LockMode.ACCESS_SHARE) < step.one.locks[relation]


def _before_in_transaction(trace: Trace, place: int) -> Mapping[int, LockMode]:
    if place == 0 or trace.statements[place - 1].transaction != trace.statements[place].transaction:
        return {}
    return trace.statements[place - 1].locks


def _held(trace: Trace, found: list[Hazard]) -> Iterator[Hazard]:
    """Locks that are short by themselves and last as long as what comes after them in their transaction."""
    seen: set[tuple[int, int]] = set()
    for place, one in enumerate(trace.statements):
        long = [hazard for hazard in found if hazard.statement == place and hazard.kind in LONG]
        slow = one.duration_ms > _LONG_MS and not long
        for relation, lock in _before_in_transaction(trace, place).items():
            name = trace.before.name(relation)
            known = trace.before.relations[relation].kind in {"r", "p", "m"} and not is_ledger(name)
            if not known or not lock.refuses_writes or (one.transaction, relation) in seen:
                continue
            others = [hazard for hazard in long if hazard.table != name or hazard.kind is HazardKind.BACKFILL]
            if others or slow:
                seen.add((one.transaction, relation))
                what = others[0].detail if others else f"a statement of {one.duration_ms:.0f} ms runs"
                yield Hazard(
                    HazardKind.HELD_LOCK,
                    place,
                    name,
                    f"{lock.words} on {name} is held while {what}",
                    lock,
                    lock.refuses,
                )


def _word(one: Traced) -> str:
    return next(iter(first_words(one.sql, 1)), "")
