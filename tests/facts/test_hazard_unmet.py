"""What no made-up row met: whether it takes or changes live rows nobody has seen."""

# ruff: noqa: S608 - statements of these tests alone

import pytest

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.hazard import HazardKind as Kind
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, SqlError, Traced
from tests.facts.traces import BASE, NEW, NOTES, ROOMS, ROOMS_KEY, changed, did, found, index, relation, under

_DELETE = "DELETE FROM rooms WHERE name = 'old'"
_UPDATE = "UPDATE rooms SET name = 'new' WHERE name = 'old'"
_MERGE = "MERGE INTO rooms r USING notes n ON n.id = r.id + 90"
_WRITES = under(LockMode.ROW_EXCLUSIVE)


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        (_DELETE, Kind.UNMET_DELETE),
        ("delete from only public.rooms r using notes where r.id = notes.id", Kind.UNMET_DELETE),
        ('/* once */ DELETE FROM "public"."rooms" WHERE name = \'old\'', Kind.UNMET_DELETE),
        (
            "WITH old AS (DELETE FROM rooms WHERE id > 90 RETURNING *) SELECT count(*) FROM old",
            Kind.UNMET_DELETE,
        ),
        (f"DO $$ BEGIN {_DELETE}; END $$", Kind.UNMET_DELETE),
        (_UPDATE, Kind.UNMET_UPDATE),
        ("UPDATE ONLY rooms AS r SET name = 'new' WHERE id > 90", Kind.UNMET_UPDATE),
        (f"{_MERGE} WHEN MATCHED THEN DELETE", Kind.UNMET_DELETE),
        (f"{_MERGE} WHEN MATCHED AND r.id > 90 THEN UPDATE SET name = ''", Kind.UNMET_UPDATE),
    ],
)
def test_a_condition_that_no_made_up_row_meets_is_told(sql: str, kind: Kind) -> None:
    (one,) = found(kind, did(sql, **_WRITES))
    assert (one.table, one.detail) == ("public.rooms", "no made-up row of public.rooms meets its condition")


def test_rows_of_another_table_are_none_of_this_one() -> None:
    both = f"DO $$ BEGIN UPDATE notes SET id = id; {_DELETE}; END $$"
    (one,) = found(Kind.UNMET_DELETE, did(both, rows={NOTES: Rows(updated=20)}, **_WRITES))
    assert one.table == "public.rooms"


def test_rows_of_a_partition_are_those_of_its_table() -> None:
    before = changed(BASE, relations={NEW: relation("rooms_old", parent=ROOMS)})
    one = did(_DELETE, before, rows={NEW: Rows(deleted=1)}, **_WRITES)
    assert found(Kind.UNMET_DELETE, one, before=before) == []


@pytest.mark.parametrize("sql", ["SELECT purge()", "CALL purge()"])
def test_a_routine_that_wrote_nothing_where_it_may_write_is_told(sql: str) -> None:
    (one,) = found(Kind.UNMET_DELETE, did(sql, **_WRITES))
    assert one.detail == "what it calls may write public.rooms, and wrote no row beside the made-up ones"
    for rows in (Rows(inserted=1), Rows(deleted=2)):
        assert found(Kind.UNMET_DELETE, did(sql, rows={ROOMS: rows}, **_WRITES)) == []
    held = did("INSERT INTO rooms VALUES (90)", rows={ROOMS: Rows(inserted=1)}, **_WRITES)
    assert found(Kind.UNMET_DELETE, held, did("SELECT 1", **_WRITES)) == []
    assert found(Kind.UNMET_DELETE, did("SELECT enable()", **under(LockMode.SHARE_ROW_EXCLUSIVE))) == []


_VIEW = changed(BASE, relations={NEW: relation("old_rooms", "v")})


@pytest.mark.parametrize(
    ("sql", "kind"),
    [
        ("DELETE FROM old_rooms WHERE name = 'old'", Kind.UNMET_DELETE),
        ("UPDATE public.old_rooms SET name = '' WHERE name = 'old'", Kind.UNMET_UPDATE),
        ("WITH a AS (DELETE FROM old_rooms WHERE id > 90 RETURNING 1) TABLE a", Kind.UNMET_DELETE),
        ("MERGE INTO old_rooms USING notes ON true WHEN MATCHED THEN DELETE", Kind.UNMET_DELETE),
    ],
)
def test_what_goes_through_a_view_and_meets_no_row_is_told_of_what_is_behind_it(sql: str, kind: Kind) -> None:
    (one,) = found(kind, did(sql, _VIEW, **_WRITES), before=_VIEW)
    assert one.table == "public.rooms"
    assert one.detail.endswith("old_rooms meets its condition")
    (one,) = found(kind, did(sql, _VIEW), before=_VIEW)
    assert one.table == "public.old_rooms", "its own trigger was not reached, either"
    for rows in (Rows(deleted=1), Rows(updated=1)):
        assert found(kind, did(sql, _VIEW, rows={ROOMS: rows}, **_WRITES), before=_VIEW) == []


def test_what_a_block_makes_up_itself_is_told_by_its_locks() -> None:
    made = "DO $$ BEGIN EXECUTE format('DELETE FROM %I WHERE id > 90', 'rooms'); END $$"
    (one,) = found(Kind.UNMET_DELETE, did(made, **_WRITES))
    assert one.detail == "what it calls may write public.rooms, and wrote no row beside the made-up ones"
    assert found(Kind.UNMET_DELETE, did(made, rows={ROOMS: Rows(deleted=1)}, **_WRITES)) == []
    filled = "DO $$ BEGIN INSERT INTO Rooms SELECT 1 WHERE false; END $$"
    assert found(Kind.UNMET_DELETE, did(filled, **_WRITES)) == []


@pytest.mark.parametrize("sql", ["CALL purge()", f"DO $$ BEGIN {_DELETE}; COMMIT; END $$"])
def test_of_a_routine_that_lets_go_of_its_locks_what_it_read_may_be_what_it_takes(sql: str) -> None:
    (one,) = found(Kind.UNMET_DELETE, did(sql, rows={ROOMS: Rows(scans=1, read=20)}))
    assert one.table == "public.rooms"
    looked = {ROOMS: Rows(looked_up=1)}
    assert found(Kind.UNMET_DELETE, did(sql, rows=looked))
    assert found(Kind.UNMET_DELETE, did(sql, rows={**looked, NOTES: Rows(inserted=1)})) == [], "a reference"
    taken = Rows(scans=1, read=20, deleted=3)
    assert found(Kind.UNMET_DELETE, did(sql, rows={ROOMS: taken})) == []
    read = did(sql, rows={ROOMS: Rows(scans=1, read=20)}, **under(LockMode.ACCESS_SHARE))
    assert found(Kind.UNMET_DELETE, read) == []


@pytest.mark.parametrize(
    "one",
    [
        did(_DELETE, rows={ROOMS: Rows(deleted=1)}, **_WRITES),
        did(_UPDATE, rows={ROOMS: Rows(updated=1)}, **_WRITES),
        did(_DELETE, None, error=SqlError("42703", "no such column")),
        did("DELETE FROM alembic_version WHERE version_num = 'x'", **_WRITES),
        did("DELETE FROM fresh WHERE id = 1", **_WRITES),
        did("DELETE FROM other.rooms WHERE id = 1", **_WRITES),
        did("SELECT 'DELETE FROM rooms' -- UPDATE rooms SET"),
        did(f"{_MERGE} WHEN NOT MATCHED THEN INSERT VALUES (n.id)", **_WRITES),
        did("INSERT INTO rooms VALUES (1) ON CONFLICT (id) DO UPDATE SET name = ''", **_WRITES),
        did(f"DO $$ BEGIN IF false THEN {_DELETE}; END IF; END $$"),
        did("ALTER TABLE notes ADD FOREIGN KEY (id) REFERENCES rooms ON DELETE CASCADE", **_WRITES),
    ],
)
def test_what_met_one_or_is_none_of_it_is_not(one: Traced) -> None:
    assert found(Kind.UNMET_DELETE, one) == found(Kind.UNMET_UPDATE, one) == []


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        ("id = 17", False),
        ("id='17'", False),
        ('"id" = 17', False),
        ("id > 17", True),
        ("id = 17 OR name = 'old'", True),
        ("name = 'old'", True),
    ],
)
def test_one_value_of_a_unique_column_is_one_row_at_most(condition: str, told: bool) -> None:  # noqa: FBT001 - what is told
    before = _with_key("(id)")
    one = did(f"DELETE FROM rooms WHERE {condition}", before, **_WRITES)
    assert bool(found(Kind.UNMET_DELETE, one, before=before)) is told


@pytest.mark.parametrize("key", ["(name) WHERE open", "(name, lower(city))", "(name, id)", "(lower(name))"])
def test_a_column_that_is_unique_in_some_rows_alone_or_beside_another_is_none(key: str) -> None:
    before = _with_key(key)
    assert found(Kind.UNMET_DELETE, did(_DELETE, before, **_WRITES), before=before)


def _with_key(words: str) -> Catalogue:
    made = f"CREATE UNIQUE INDEX k ON public.rooms USING btree {words}"
    return changed(BASE, indexes={ROOMS_KEY: index(ROOMS, made, unique=True)})
