"""Locks that are held while something else takes long, and those that are waited for without a limit."""

from dataclasses import replace
from typing import Any

import pytest

from hotelctl.facts.hazard import HazardKind as Kind
from hotelctl.facts.hazards import hazards
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, Traced
from tests.facts.traces import (
    ALONE,
    BASE,
    LEDGER,
    NOTES,
    ROOMS,
    ROOMS_KEY,
    did,
    found,
    trace,
    under,
    with_column,
    with_index,
)

_WRITES = under(LockMode.ROW_EXCLUSIVE)
_ALTER = did("ALTER TABLE rooms ADD more int", **ALONE)
_BEHIND: dict[str, Any] = {
    "rows": {NOTES: Rows(updated=20)},
    "locks": {ROOMS: LockMode.ACCESS_EXCLUSIVE, NOTES: LockMode.ROW_EXCLUSIVE},
}


def test_a_short_lock_that_is_held_while_something_takes_long() -> None:
    (one,) = found(Kind.HELD_LOCK, _ALTER, did("UPDATE notes", **_BEHIND), did("UPDATE notes", **_BEHIND))
    assert (one.statement, one.table, one.refused) == (1, "public.rooms", "reads and writes")
    assert one.detail == (
        "ACCESS EXCLUSIVE on public.rooms is held while most rows of public.notes are changed and stay locked"
    )
    (slow,) = found(Kind.HELD_LOCK, _ALTER, did("SELECT pg_sleep(1)", duration_ms=6000.0, **ALONE))
    assert "a statement of 6 s runs" in slow.detail


def test_a_lock_is_held_while_other_tables_are_read_or_copied() -> None:
    both = {ROOMS: LockMode.ACCESS_EXCLUSIVE, NOTES: LockMode.ACCESS_SHARE}
    read = did("SELECT max(id) FROM notes", rows={NOTES: Rows(scans=1, read=20)}, locks=both)
    copied = did("INSERT INTO rooms SELECT ...", rows={ROOMS: Rows(inserted=5)}, locks=both)
    for one, words in (
        (read, "all rows of public.notes are read"),
        (copied, "rows of other tables are copied"),
    ):
        (held,) = found(Kind.HELD_LOCK, _ALTER, one)
        assert held.detail.endswith(words)
    few = did("INSERT INTO rooms SELECT ...", rows={ROOMS: Rows(inserted=4)}, locks=both)
    some = did("SELECT ... FROM notes", rows={NOTES: Rows(scans=1, read=19)}, locks=both)
    assert found(Kind.HELD_LOCK, _ALTER, few, some) == []


def test_a_lock_is_held_while_its_own_table_is_read_by_a_statement_behind() -> None:
    added = did("ALTER TABLE rooms ADD x int", with_column(BASE, 3), **ALONE)
    read = {ROOMS: Rows(scans=1, read=20)}
    asks = did("SELECT count(*) FROM rooms", with_column(BASE, 3), rows=read, **ALONE)
    (one,) = found(Kind.HELD_LOCK, added, asks)
    assert one.detail == "ACCESS EXCLUSIVE on public.rooms is held while all rows of public.rooms are read"
    assert found(Kind.HELD_LOCK, added, replace(asks, transaction=2)) == []
    checks = did("ALTER TABLE rooms ADD CHECK (id > 0)", with_column(BASE, 3), rows=read, **ALONE)
    assert found(Kind.HELD_LOCK, added, checks) == [], "it is told as the scan that it is"


def test_the_table_s_own_backfill_counts_and_its_own_index_does_not() -> None:
    own = did("UPDATE rooms", rows={ROOMS: Rows(updated=20)}, **ALONE)
    assert len(found(Kind.HELD_LOCK, _ALTER, own)) == 1
    assert found(Kind.HELD_LOCK, _ALTER, did("CREATE INDEX ...", with_index(BASE), **ALONE)) == []


@pytest.mark.parametrize(
    "statements",
    [
        [_ALTER, did("UPDATE notes", transaction=2, **_BEHIND)],
        [did("UPDATE notes", rows=_BEHIND["rows"], **under(LockMode.ROW_EXCLUSIVE, NOTES)), _ALTER, _ALTER],
        [_ALTER, did("UPDATE notes", rows={NOTES: Rows(updated=1)}, **ALONE)],
        [did("UPDATE rooms", **_WRITES), did("UPDATE notes", **_BEHIND)],
        [did("LOCK alembic_version", **under(LockMode.EXCLUSIVE, LEDGER)), did("UPDATE notes", **_BEHIND)],
    ],
    ids=[
        "of another transaction",
        "what takes long came before it",
        "nothing long behind it",
        "a lock that refuses nobody",
        "the ledger's",
    ],
)
def test_locks_that_are_held_and_hurt_nobody(statements: list[Traced]) -> None:
    assert found(Kind.HELD_LOCK, *statements) == []


def test_who_waits_for_a_table_without_a_limit() -> None:
    (one,) = found(Kind.NO_LOCK_TIMEOUT, did("ALTER TABLE rooms ADD ...", lock_timeout_ms=0, **ALONE))
    assert one.detail == "waits for ACCESS EXCLUSIVE on public.rooms without a limit"
    stronger = did("CREATE INDEX", lock_timeout_ms=0, **under(LockMode.SHARE))
    assert len(found(Kind.NO_LOCK_TIMEOUT, stronger, did("ALTER ...", lock_timeout_ms=0, **ALONE))) == 1


@pytest.mark.parametrize(
    "statements",
    [
        [_ALTER],
        [_ALTER, did("ALTER TABLE rooms ...", lock_timeout_ms=0, **ALONE)],
        [did("CREATE INDEX ...", lock_timeout_ms=0, **under(LockMode.SHARE))],
        [did("ALTER ...", lock_timeout_ms=0, **under(LockMode.ACCESS_EXCLUSIVE, LEDGER))],
        [did("DROP INDEX ...", lock_timeout_ms=0, **under(LockMode.ACCESS_EXCLUSIVE, ROOMS_KEY))],
    ],
    ids=["with a limit", "it has the lock", "a lock that readers do not meet", "the ledger", "an index"],
)
def test_who_has_a_limit_or_needs_none(statements: list[Traced]) -> None:
    assert found(Kind.NO_LOCK_TIMEOUT, *statements) == []


def test_they_come_in_the_order_of_the_statements() -> None:
    held = [_ALTER, did("UPDATE notes", **_BEHIND), did("ALTER ...", with_column(BASE, 3), transaction=2)]
    assert [one.statement for one in hazards(trace(*held))] == [1, 1, 2]
