"""Locks that are held longer than they need to be, and locks that are waited for without a limit."""

from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from hotelctl.facts.hazard import LONG, Hazard, HazardKind
from hotelctl.facts.hazard_step import Step, steps
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Trace

_USED = frozenset({"r", "p", "v", "m"})
# On a few rows nothing takes so long, not even on a busy machine.
_SLOW_MS = 5000.0
_FEW = 2
_MANY = 4


def without_timeout(step: Step) -> Iterator[Hazard]:
    """Locks that let everybody wait, and that are waited for as long as it takes."""
    if step.one.lock_timeout_ms:
        return
    before = step.held_before
    for relation, lock in step.one.locks.items():
        known = step.lived(relation) and step.trace.before.relations[relation].kind in _USED
        if known and lock is LockMode.ACCESS_EXCLUSIVE and before.get(relation) is not lock:
            name = step.trace.before.name(relation)
            detail = f"waits for {lock.words} on {name} without a limit"
            yield step.hazard(HazardKind.NO_LOCK_TIMEOUT, relation, detail)


def held(trace: Trace, found: Sequence[Hazard]) -> Iterator[Hazard]:
    """Locks that are short by themselves and last as long as what comes after them in their transaction."""
    seen: set[tuple[int, int]] = set()
    for step in steps(trace):
        long = [one for one in found if one.statement == step.place and one.kind in LONG]
        for relation, lock in _kept(step).items():
            meanwhile = _meanwhile(step, relation, long)
            if meanwhile and (step.one.transaction, relation) not in seen:
                seen.add((step.one.transaction, relation))
                name = trace.before.name(relation)
                detail = f"{lock.words} on {name} is held while {meanwhile}"
                yield Hazard(HazardKind.HELD_LOCK, step.place, name, detail, lock, lock.refuses)


def _kept(step: Step) -> Mapping[int, LockMode]:
    """Locks that let somebody wait, and were there before or may have come with a first part of it."""
    held_now = step.one.locks if step.hides else step.held_before
    return {
        relation: lock
        for relation, lock in held_now.items()
        if lock.refuses_writes
        and step.lived(relation)
        and step.trace.before.relations[relation].kind in _USED
    }


def _meanwhile(step: Step, relation: int, long: Sequence[Hazard]) -> str:
    """What goes on that takes long and is not what the lock was taken for; empty for nothing."""
    name = step.trace.before.name(relation)
    for hazard in long:
        if hazard.table != name or hazard.kind is HazardKind.BACKFILL:
            return hazard.detail
    if relation not in step.held_before:
        return ""
    if not long and step.one.duration_ms > _SLOW_MS:
        return f"a statement of {step.one.duration_ms / 1000:.0f} s runs"
    return _copied(step) or _read(step, {one.table for one in long})


def _copied(step: Step) -> str:
    """Rows that come from other tables, and so are the more the larger those are."""
    most = max(step.trace.row_counts.values(), default=0)
    copied = sum(rows.inserted for rows in step.one.rows.values())
    many = most >= _FEW and copied * _MANY >= most
    return "rows of other tables are copied" if many and "select" in step.one.sql.lower() else ""


def _read(step: Step, busy: AbstractSet[str]) -> str:
    """A table that is read through by a statement that locks nobody out of it itself, and tells no more."""
    for table, rows in step.one.rows.items():
        lock, name = step.one.locks.get(table, LockMode.ACCESS_SHARE), step.trace.before.name(table)
        by_itself = lock.refuses_writes and step.held_before.get(table) is not lock
        large = step.lived(table) and step.rows_of(table) >= _FEW
        if large and not by_itself and name not in busy and step.reads_all(rows, table):
            return f"all rows of {name} are read"
    return ""
