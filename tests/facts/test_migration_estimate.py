import dataclasses
import math
from typing import Any

import pytest

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.hazards import hazards
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_estimate import Size, estimates, holds
from hotelctl.facts.migration_run import Place, Placed
from hotelctl.facts.migration_trace import Rows, SqlError, Traced
from tests.facts.traces import (
    ALONE,
    BASE,
    NOTES,
    ROOMS,
    did,
    trace,
    under,
    with_column,
    with_file,
    with_index,
)

LIVE = {"public.rooms": Size(1_000_000, 400_000_000), "public.notes": Size(50_000, 5_000_000)}
COPY = {"public.rooms": Size(100_000, 20_000_000), "public.notes": Size(50_000, 5_000_000)}
INDEX = with_index(BASE)
REWRITTEN = with_file(with_column(BASE, type="text"), 999)


def placed(*statements: Traced) -> Placed:
    """These statements, each on a line of its own."""
    places = tuple(Place("r2", "migrations/2.sql", 10 + number) for number in range(len(statements)))
    whole = trace(*statements)
    return Placed(whole, places, hazards(whole))


def slow(sql: str, after: Catalogue | None = BASE, transaction: int = 1, **fields: Any) -> Traced:  # noqa: ANN401 - its fields
    """A statement of a second that reads the rooms alone."""
    return did(sql, after, transaction, **({"duration_ms": 1000.0} | ALONE | fields))


def test_an_index_is_sorted() -> None:
    (one,) = estimates(placed(slow("CREATE INDEX", INDEX, **under(LockMode.SHARE))), LIVE, COPY)
    assert one.low_s == pytest.approx(5 * math.log(1_000_000) / math.log(100_000))
    assert (one.table, one.rows, one.measured_rows, one.measured_s) == (
        "public.rooms",
        1_000_000,
        100_000,
        1.0,
    )


def test_what_shows_no_hazard_may_sort_too() -> None:
    (one,) = estimates(placed(slow("INSERT", locks={}, rows={ROOMS: Rows(scans=1)})), LIVE, COPY)
    assert one.low_s == pytest.approx(5 * math.log(1_000_000) / math.log(100_000))


def test_what_writes_a_table_anew_goes_by_its_bytes_too_where_the_rows_are_longer_there() -> None:
    (one,) = estimates(placed(slow("ALTER TABLE", REWRITTEN)), LIVE, COPY)
    assert one.low_s == pytest.approx(7.5), "ten times the rows, twenty times the bytes"


@pytest.mark.parametrize(("live", "copy"), [((1000, 100), (100, 100)), ((1000, 100), (100, 0))])
def test_it_goes_by_the_rows_where_those_are_more_or_bytes_are_not_known(
    live: tuple[int, int], copy: tuple[int, int]
) -> None:
    ran = placed(slow("ALTER TABLE", REWRITTEN))
    (one,) = estimates(ran, {"public.rooms": Size(*live)}, {"public.rooms": Size(*copy)})
    assert one.low_s == pytest.approx(5)


def test_a_range_is_told_as_a_busy_machine_takes_longer() -> None:
    (one,) = estimates(placed(slow("ALTER TABLE", REWRITTEN, wal_bytes=7_000)), LIVE, COPY)
    assert one.high_s == pytest.approx(4 * one.low_s)
    assert one.wal_bytes == 105_000, "as what is written ahead does"
    (index,) = estimates(placed(slow("CREATE INDEX", INDEX, wal_bytes=7_000)), LIVE, COPY)
    assert index.wal_bytes == 70_000


def test_the_largest_table_that_is_touched_counts() -> None:
    both = slow("UPDATE", **under(LockMode.SHARE, NOTES, ROOMS))
    assert [one.table for one in estimates(placed(both), LIVE, COPY)] == ["public.rooms"]
    read = slow("INSERT", locks={}, rows={NOTES: Rows(scans=1)})
    assert [one.table for one in estimates(placed(read), LIVE, COPY)] == ["public.notes"]


@pytest.mark.parametrize(
    "statement",
    [
        slow("ALTER TABLE", with_column(BASE, 3), duration_ms=4.9),
        slow("ALTER TABLE", REWRITTEN, duration_ms=0.2),
        slow("SELECT", rows={ROOMS: Rows(read=49_999)}, duration_ms=4.9),
        slow("ALTER TABLE", None, error=SqlError("23514", "some row breaks it")),
        slow("SELECT 1", locks={}),
    ],
)
def test_what_was_quick_or_refused_or_touches_no_known_table_is_not_estimated(statement: Traced) -> None:
    assert estimates(placed(statement), LIVE, COPY) == ()


@pytest.mark.parametrize(
    "statement",
    [
        slow("ALTER TABLE", REWRITTEN, duration_ms=0.4),
        slow("SELECT", locks={}, rows={ROOMS: Rows(scans=1, read=100_000)}, duration_ms=4.0),
        slow("UPDATE", rows={ROOMS: Rows(updated=50_000)}, duration_ms=4.0),
    ],
)
def test_what_grows_is_left_out_only_where_it_is_quick_on_the_live_table(statement: Traced) -> None:
    (one,) = estimates(placed(statement), LIVE, COPY)
    assert one.low_s >= statement.duration_ms / 1000 * 5


def test_a_table_without_rows_on_the_copy_or_without_a_live_size_is_not_estimated() -> None:
    ran = placed(slow("ALTER TABLE", REWRITTEN))
    assert estimates(ran, LIVE, {}) == ()
    assert estimates(ran, LIVE, {"public.rooms": Size(0, 8192)}) == ()
    assert estimates(ran, {}, COPY) == ()


def test_a_lock_is_held_by_all_that_comes_after_it_in_its_transaction() -> None:
    ran = placed(
        did("ALTER TABLE notes", **under(LockMode.ACCESS_EXCLUSIVE, NOTES)),
        slow("UPDATE rooms", **under(LockMode.ACCESS_EXCLUSIVE, NOTES)),
        slow("UPDATE rooms", rows={ROOMS: Rows(scans=1)}, **under(LockMode.ACCESS_EXCLUSIVE, NOTES)),
        slow("UPDATE rooms", BASE, 2, locks={}, rows={ROOMS: Rows(scans=1)}),
    )
    found = estimates(ran, LIVE, COPY)
    assert [one.statement for one in found] == [1, 2, 3]
    (one,) = holds(ran, found)
    took = sum(each.low_s for each in found[:2])
    assert (one.table, one.lock, one.path, one.line, one.revision) == (
        "public.notes",
        LockMode.ACCESS_EXCLUSIVE,
        "migrations/2.sql",
        10,
        "r2",
    )
    assert (one.low_s, one.high_s, one.measured_s) == pytest.approx((took, 4 * took, 2.0))


def test_a_lock_that_lets_everybody_work_or_behind_which_nothing_takes_long_is_none() -> None:
    shared = placed(slow("CREATE INDEX CONCURRENTLY", INDEX, **under(LockMode.SHARE_UPDATE_EXCLUSIVE)))
    assert holds(shared, estimates(shared, LIVE, COPY)) == ()
    short = placed(
        slow("UPDATE", locks={}, rows={ROOMS: Rows(scans=1)}), did("ALTER TABLE", BASE, 2, **ALONE)
    )
    assert len(estimates(short, LIVE, COPY)) == 1
    assert holds(short, estimates(short, LIVE, COPY)) == ()


def test_a_lock_that_grows_stronger_is_two_and_each_is_told_once() -> None:
    ran = placed(
        did("LOCK", **under(LockMode.SHARE)),
        slow("ALTER TABLE", REWRITTEN),
        slow("ALTER TABLE", with_file(REWRITTEN, 1000)),
    )
    found = holds(ran, estimates(ran, LIVE, COPY))
    assert [(one.lock, one.line) for one in found] == [(LockMode.SHARE, 10), (LockMode.ACCESS_EXCLUSIVE, 11)]


@pytest.mark.parametrize(
    ("sql", "met", "share"),
    [
        ("UPDATE rooms SET name = '' WHERE name IS NULL", 25_000, 0.25),
        ("DELETE FROM rooms WHERE name = 'old'", 50_000, 0.5),
        ("UPDATE rooms SET name = ''", 25_000, 1),
        ("UPDATE rooms SET name = '' WHERE id = 7", 1, 1),
        ("UPDATE rooms SET name = '' WHERE id > 0", 100_000, 1),
    ],
)
def test_the_part_of_the_rows_that_met_a_condition_is_known(sql: str, met: int, share: float) -> None:
    one = slow(sql, locks={}, rows={ROOMS: Rows(scans=1, read=100_000, updated=met)})
    (found,) = estimates(placed(one), LIVE, COPY)
    assert (found.share, found.widest_s) == (share, found.high_s / share)
    lock = slow("ALTER TABLE rooms ADD more int", with_column(BASE, 3), duration_ms=1.0)
    both = placed(lock, dataclasses.replace(one, after=None, locks=lock.locks))
    (hold,) = holds(both, estimates(both, LIVE, COPY))
    assert hold.widest_s == pytest.approx(hold.high_s / share)
