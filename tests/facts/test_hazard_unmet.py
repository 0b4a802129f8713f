"""What no made-up row met: whether it takes or changes live rows nobody has seen."""

# ruff: noqa: S608 - statements of these tests alone

import pytest

from hotelctl.facts.hazard import HazardKind as Kind
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, SqlError, Traced
from tests.facts.traces import BASE, ROOMS, ROOMS_KEY, changed, did, found, index, under

_DELETE = "DELETE FROM rooms WHERE name = 'old'"
_UPDATE = "UPDATE rooms SET name = 'new' WHERE name = 'old'"
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
    ],
)
def test_a_condition_that_no_made_up_row_meets_is_told(sql: str, kind: Kind) -> None:
    (one,) = found(kind, did(sql, **_WRITES))
    assert (one.table, one.detail) == ("public.rooms", "no made-up row of public.rooms meets its condition")


@pytest.mark.parametrize(
    "one",
    [
        did(_DELETE, rows={ROOMS: Rows(deleted=1)}, **_WRITES),
        did(_UPDATE, rows={ROOMS: Rows(updated=1)}, **_WRITES),
        did(_DELETE, None, error=SqlError("42703", "no such column")),
        did("DELETE FROM alembic_version WHERE version_num = 'x'", **_WRITES),
        did("DELETE FROM fresh WHERE id = 1", **_WRITES),
        did("DELETE FROM other.rooms WHERE id = 1", **_WRITES),
        did("SELECT 'DELETE FROM rooms' -- UPDATE rooms SET", **_WRITES),
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
    before = changed(
        BASE, indexes={ROOMS_KEY: index(ROOMS, "CREATE UNIQUE INDEX k ON rooms (id)", unique=True)}
    )
    one = did(f"DELETE FROM rooms WHERE {condition}", before, **_WRITES)
    assert bool(found(Kind.UNMET_DELETE, one, before=before)) is told
