"""Each hazard beside its neighbour that hurts nobody."""

from dataclasses import replace
from typing import Any

import pytest

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.hazard import Hazard
from hotelctl.facts.hazard import HazardKind as Kind
from hotelctl.facts.hazard_step import steps
from hotelctl.facts.hazards import hazards
from hotelctl.facts.lock_mode import LockMode
from hotelctl.facts.migration_trace import Rows, SqlError, Trace, Traced
from tests.facts.traces import (
    ALONE,
    BASE,
    LEDGER,
    NEW,
    ROOMS,
    ROOMS_NAME,
    changed,
    constraint,
    did,
    found,
    index,
    relation,
    trace,
    under,
    with_column,
    with_file,
    with_index,
    with_table,
)

_READ = Rows(scans=1, read=20)
_RULED = changed(BASE, constraints={70: constraint(ROOMS)})
_FRESH = with_table(BASE)


@pytest.mark.parametrize(
    ("sql", "after", "reason", "part"),
    [
        ("ALTER TABLE rooms ALTER name TYPE int", with_column(BASE, type="integer"), "column type", "name"),
        ("ALTER TABLE rooms ADD more int", with_column(BASE, 3), "default of a new column", "more"),
        ("VACUUM FULL rooms", BASE, "VACUUM", ""),
        ("/* all */ cluster rooms", BASE, "CLUSTER", ""),
    ],
)
def test_a_table_that_gets_another_file_is_written_anew(
    sql: str, after: Catalogue, reason: str, part: str
) -> None:
    (one,) = found(Kind.REWRITE, did(sql, with_file(after, 101), **ALONE))
    assert (one.table, one.part, one.detail) == (
        "public.rooms",
        part,
        f"public.rooms is written anew ({reason})",
    )
    assert (one.lock, one.refused) == (LockMode.ACCESS_EXCLUSIVE, "reads and writes")


def test_the_reason_that_the_catalogue_tells_goes_first() -> None:
    after = changed(BASE, relations={ROOMS: replace(BASE.relations[ROOMS], filenode=101, persistence="u")})
    (one,) = found(Kind.REWRITE, did("ALTER TABLE rooms SET UNLOGGED", after, **ALONE))
    assert "(persistence)" in one.detail


@pytest.mark.parametrize(
    "statements",
    [
        [did("ALTER TABLE rooms ALTER name TYPE text", with_column(BASE, type="text"), **ALONE)],
        [did("TRUNCATE rooms", with_file(BASE, 101), **ALONE)],
        [did("VACUUM FULL alembic_version", with_file(BASE, 301, LEDGER), **ALONE)],
        [did("CREATE TABLE fresh ()", _FRESH), did("VACUUM FULL fresh", with_file(_FRESH, 401, NEW))],
    ],
    ids=["no other file", "emptied", "the ledger", "made in the same run"],
)
def test_what_writes_no_table_of_others_anew(statements: list[Traced]) -> None:
    assert found(Kind.REWRITE, *statements) == []


@pytest.mark.parametrize(
    ("lock", "refused"), [(LockMode.SHARE, "writes"), (LockMode.ACCESS_EXCLUSIVE, "reads and writes")]
)
def test_an_index_that_is_built_while_writers_wait(lock: LockMode, refused: str) -> None:
    (one,) = found(Kind.INDEX_BUILD, did("CREATE INDEX ...", with_index(BASE), **under(lock)))
    assert (one.table, one.part, one.refused) == ("public.rooms", "public.rooms_new", refused)
    assert one.definition.startswith("CREATE INDEX rooms_new")


def test_an_index_that_is_built_again() -> None:
    after = with_file(BASE, 121, ROOMS_NAME)
    blocked = {ROOMS: ("reads", "writes")}
    (one,) = found(Kind.INDEX_BUILD, did("REINDEX INDEX rooms_name", after, blocked=blocked))
    assert (one.table, one.refused) == ("public.rooms", "reads and writes")
    assert "public.rooms_name is built again" in one.detail


_BOTH_FILES = with_file(with_file(BASE, 101), 121, ROOMS_NAME)


@pytest.mark.parametrize(
    "statements",
    [
        [did("CREATE INDEX CONCURRENTLY ...", with_index(BASE), **under(LockMode.SHARE_UPDATE_EXCLUSIVE))],
        [did("ALTER TABLE rooms ALTER name TYPE text", with_index(BASE, filenode=120), **ALONE)],
        [did("VACUUM FULL rooms", _BOTH_FILES, **ALONE)],
        [did("ALTER TABLE rooms ...", with_file(with_index(BASE), 101), **ALONE)],
        [did("CREATE TABLE fresh ()", _FRESH), did("CREATE INDEX ...", with_index(_FRESH, NEW))],
        [did("CREATE INDEX ...", with_index(BASE, LEDGER), **under(LockMode.SHARE, LEDGER))],
    ],
    ids=[
        "concurrently",
        "one that takes over an old file",
        "those of a table that is written anew",
        "a new one of a table that is written anew",
        "on a table made in the same run",
        "on the ledger",
    ],
)
def test_indexes_that_keep_nobody_waiting_by_themselves(statements: list[Traced]) -> None:
    assert found(Kind.INDEX_BUILD, *statements) == []


def test_a_rule_for_which_all_rows_are_read_while_writers_wait() -> None:
    one = did("ALTER TABLE rooms ADD CHECK ...", _RULED, rows={ROOMS: _READ}, **ALONE)
    (seen,) = found(Kind.SCAN, one)
    assert (seen.table, seen.part, seen.refused) == ("public.rooms", "rule", "reads and writes")
    assert seen.definition == "CHECK ((name <> ''::text))"


_ONE_READ: dict[str, Any] = {"rows": {ROOMS: _READ}}


@pytest.mark.parametrize(
    "statements",
    [
        [did("ALTER TABLE rooms ADD CHECK ...", _RULED, **ALONE)],
        [did("ALTER TABLE rooms VALIDATE ...", **_ONE_READ, **under(LockMode.SHARE_UPDATE_EXCLUSIVE))],
        [did("CREATE TABLE copy AS SELECT ...", **_ONE_READ)],
        [did("ALTER TABLE rooms ...", with_file(BASE, 101), **_ONE_READ, **ALONE)],
        [did("ALTER TABLE ledger", rows={LEDGER: _READ}, **under(LockMode.ACCESS_EXCLUSIVE, LEDGER))],
        [did("CREATE TABLE fresh ()", _FRESH), did("ALTER TABLE fresh ...", _FRESH, rows={NEW: _READ})],
    ],
    ids=[
        "none is read",
        "writers do not wait",
        "it is not locked",
        "it is written anew, which is told",
        "the ledger",
        "made in the same run",
    ],
)
def test_reading_that_keeps_nobody_waiting(statements: list[Traced]) -> None:
    assert found(Kind.SCAN, *statements) == []


_WRITES = under(LockMode.ROW_EXCLUSIVE)


@pytest.mark.parametrize(
    ("sql", "rows", "there", "is_one"),
    [
        ("UPDATE rooms SET name = ''", Rows(scans=1, read=20, updated=20), 20, True),
        ("DELETE FROM rooms WHERE id > 10", Rows(scans=1, read=20, deleted=10), 20, True),
        ("DO $$ BEGIN UPDATE rooms ... END $$", Rows(updated=10, deleted=5), 20, True),
        ("UPDATE rooms SET name = ''", Rows(scans=1), 0, True),
        ("WITH old AS (DELETE FROM rooms) ...", Rows(scans=1), 0, True),
        ("UPDATE rooms SET name = '' WHERE id = 1", Rows(updated=1), 20, False),
        ("UPDATE rooms SET name = '' WHERE id = 1", Rows(), 0, False),
        ("INSERT INTO rooms SELECT * FROM rooms", Rows(scans=1, read=20, inserted=20), 20, False),
        ("INSERT INTO rooms SELECT * FROM rooms", Rows(scans=1), 0, False),
        ("UPDATE rooms SET name = 'no limit' -- limit", Rows(scans=1, read=20, updated=20), 20, True),
        ('UPDATE rooms SET "limit" = 0', Rows(scans=1, read=20, updated=20), 20, True),
        ("UPDATE rooms ... (SELECT id FROM rooms LIMIT 50)", Rows(scans=1, read=20, updated=20), 20, False),
        ("UPDATE ... FETCH  First 50 ROWS ONLY", Rows(scans=1, read=20, updated=20), 20, False),
        ("DO $a$ BEGIN UPDATE ... LIMIT 50 END $a$", Rows(updated=20), 20, False),
    ],
)
def test_a_backfill_is_told_from_one_row_by_its_key(sql: str, rows: Rows, there: int, is_one: bool) -> None:  # noqa: FBT001 - a fact
    assert bool(found(Kind.BACKFILL, did(sql, rows={ROOMS: rows}, **_WRITES), rows=there)) is is_one
    assert found(Kind.SCAN, did(sql, rows={ROOMS: rows}, **_WRITES), rows=there) == []


@pytest.mark.parametrize(("changed_rows", "is_one"), [(20, False), (200, False), (204, True)])
def test_many_changes_of_a_row_each_that_were_watched_together_are_no_backfill(
    changed_rows: int,
    is_one: bool,  # noqa: FBT001 - a fact
) -> None:
    one = did("UPDATE rooms SET name = 'x' WHERE id = 1", rows={ROOMS: Rows(updated=changed_rows)}, **_WRITES)
    assert bool(found(Kind.BACKFILL, replace(one, together=200), rows=20)) is is_one


def test_whoever_only_reads_changes_no_row() -> None:
    one = did("SELECT updated FROM rooms", rows={ROOMS: _READ}, **under(LockMode.ACCESS_SHARE))
    assert found(Kind.BACKFILL, one, rows=0) == []


@pytest.mark.parametrize(
    ("sqlstate", "kind"),
    [
        ("25001", Kind.CANNOT_RUN),
        ("0A000", Kind.CANNOT_RUN),
        ("55P04", Kind.CANNOT_RUN),
        ("23502", Kind.FAILS_ON_DATA),
        ("22P02", Kind.FAILS_ON_DATA),
    ],
)
def test_a_refusal_is_the_only_thing_told_of_its_statement(sqlstate: str, kind: Kind) -> None:
    refused = did("ALTER ...", None, lock_timeout_ms=0, error=SqlError(sqlstate, "no"), **ALONE)
    assert hazards(trace(refused)) == (Hazard(kind, 0, "", f"no ({sqlstate})"),)


def test_a_refusal_that_the_migration_catches_behind_a_savepoint_is_none() -> None:
    refused = did("CREATE EXTENSION nothing", None, error=SqlError("0A000", "no"))
    assert hazards(trace(refused, did("ROLLBACK TO a"), did("SELECT 1"))) == ()
    assert found(Kind.CANNOT_RUN, refused, did("SELECT 1", transaction=2))
    assert found(Kind.CANNOT_RUN, refused, did("SELECT 1", None, error=SqlError("25P02", "aborted")))


def test_what_goes_by_being_taken_back_was_never_there() -> None:
    added = did("ALTER TABLE rooms ADD more int", with_column(BASE, 3))
    assert found(Kind.DATA_LOSS, added, did("ROLLBACK TO a", BASE)) == []
    assert found(Kind.DATA_LOSS, added, did("ALTER TABLE rooms DROP more", BASE)) != []


_MORE_GO = "rows of public.rooms go, the more the larger it is"
_WITHOUT_ROOMS = changed(BASE, relations={ROOMS: None}, columns={(ROOMS, 1): None, (ROOMS, 2): None})


@pytest.mark.parametrize(
    ("one", "words"),
    [
        (did("DROP TABLE rooms", _WITHOUT_ROOMS), "table public.rooms goes"),
        (did("ALTER ...", changed(BASE, columns={(ROOMS, 2): None})), "column name of public.rooms goes"),
        (did("ALTER ...", with_column(BASE, 1, type="integer"), rows={}), ""),
        (did("TRUNCATE rooms", with_file(BASE, 101)), "all rows of public.rooms go"),
        (did("TRUNCATE rooms", with_file(BASE, 121, ROOMS_NAME)), ""),
        (did("DO $$ BEGIN TRUNCATE rooms; END $$", with_file(BASE, 101)), "all rows of public.rooms go"),
        (did("DO $$ ... $$", with_file(BASE, 101), rows={ROOMS: Rows(scans=1, read=20)}), ""),
        (did("DELETE FROM rooms", rows={ROOMS: Rows(deleted=10)}), _MORE_GO),
        (did("DELETE FROM rooms ...", rows={ROOMS: Rows(deleted=9)}), ""),
        (did("DELETE FROM alembic_version", rows={LEDGER: Rows(deleted=20)}), ""),
        (did("DROP TABLE alembic_version", changed(BASE, relations={LEDGER: None})), ""),
    ],
)
def test_what_no_rollback_brings_back(one: Traced, words: str) -> None:
    assert [loss.detail for loss in found(Kind.DATA_LOSS, one)] == ([words] if words else [])


def test_what_is_emptied_is_not_written_anew() -> None:
    emptied = did("DO $$ BEGIN TRUNCATE rooms; END $$", with_file(with_file(BASE, 101), 121, ROOMS_NAME))
    assert found(Kind.REWRITE, emptied) == found(Kind.INDEX_BUILD, emptied) == []


def test_of_a_table_for_which_no_row_could_be_made_up_all_go_that_no_condition_keeps() -> None:
    rows = {ROOMS: Rows(scans=1)}
    (one,) = found(Kind.DATA_LOSS, did("DELETE FROM rooms -- where", rows=rows), rows=0)
    assert one.detail == "all rows of public.rooms go"
    assert found(Kind.DATA_LOSS, did("DELETE FROM rooms WHERE name = ''", rows=rows), rows=0) == []
    assert found(Kind.DATA_LOSS, did("UPDATE rooms SET name = ''", rows=rows), rows=0) == []


def test_a_type_that_rounds_loses_and_a_computed_column_does_not() -> None:
    before = with_column(with_column(BASE, type="numeric(8,2)"), 3, kind="generated s")
    rounded = with_column(before, type="numeric(8,1)")
    (one,) = found(Kind.DATA_LOSS, did("ALTER ...", rounded), before=before)
    assert one.detail == "public.rooms.name becomes numeric(8,1) and was numeric(8,2)"
    assert found(Kind.DATA_LOSS, did("", changed(before, columns={(ROOMS, 3): None})), before=before) == []


def test_a_text_is_cut_where_the_cast_is_written_out_on_whatever_line() -> None:
    cut = did(
        "ALTER ... TYPE varchar(9)\nUSING left(name, 9)", with_column(BASE, type="character varying(9)")
    )
    assert found(Kind.DATA_LOSS, cut)
    told = did("ALTER ... TYPE varchar(9) -- not using", with_column(BASE, type="character varying(9)"))
    assert found(Kind.DATA_LOSS, told) == [], "PostgreSQL refuses what is longer"


def test_a_view_and_a_table_of_the_same_run_hold_no_data() -> None:
    before = changed(BASE, relations={60: relation("seen", "v")})
    gone = did("DROP VIEW seen", BASE)
    assert found(Kind.DATA_LOSS, gone, did("CREATE ...", _FRESH), did("DROP ...", BASE), before=before) == []


_INVALID = with_index(BASE, valid=False)
_WAS_VALID = changed(BASE, indexes={ROOMS_NAME: index(ROOMS, valid=False)})


@pytest.mark.parametrize(
    ("sql", "before", "after", "is_one"),
    [
        ("CREATE INDEX CONCURRENTLY ...", BASE, _INVALID, True),
        ("CREATE INDEX CONCURRENTLY ...", BASE, with_index(BASE), False),
        ("CREATE INDEX IF NOT EXISTS Rooms_New ...", _INVALID, _INVALID, True),
        ("CREATE INDEX IF NOT EXISTS another ...", _INVALID, _INVALID, False),
        ("DROP INDEX rooms_new", _INVALID, _INVALID, False),
        ("REINDEX INDEX CONCURRENTLY ...", BASE, _WAS_VALID, True),
    ],
)
def test_an_index_that_is_left_or_taken_invalid(
    sql: str,
    before: Catalogue,
    after: Catalogue,
    is_one: bool,  # noqa: FBT001 - a fact
) -> None:
    assert bool(found(Kind.INVALID_INDEX, did(sql, after), before=before)) is is_one


def test_an_index_that_is_valid_in_the_end_is_fine() -> None:
    parted = did("CREATE INDEX ... ON ONLY stays", with_index(BASE, kind="I", valid=False))
    assert (
        found(Kind.INVALID_INDEX, parted, did("ALTER INDEX ... ATTACH ...", with_index(BASE, kind="I"))) == []
    )


@pytest.mark.parametrize(
    ("after", "words"),
    [
        (with_column(BASE, type="text"), ["public.rooms.name has another type"]),
        (with_column(BASE, collation=None), ["public.rooms.name has another collation"]),
        (with_column(BASE, 3), ["public.rooms.more is new, which SELECT * sees"]),
        (changed(BASE, columns={(ROOMS, 2): None}), ["public.rooms.name is gone, which SELECT * sees"]),
        (with_column(BASE, default="'x'::text", not_null=True), []),
        (with_column(BASE, 2, LEDGER), []),
        (with_column(_FRESH, 2, NEW), []),
    ],
    ids=[
        "type",
        "collation",
        "new column",
        "lost column",
        "default and NOT NULL",
        "of the ledger",
        "of a new table",
    ],
)
def test_what_breaks_a_plan_that_a_session_keeps(after: Catalogue, words: list[str]) -> None:
    seen = found(Kind.CACHED_PLAN, did("CREATE TABLE fresh", with_table(BASE)), did("ALTER ...", after))
    assert [one.detail for one in seen if "fresh" not in one.table] == words


def test_a_statement_without_a_catalogue_behind_it_leaves_the_one_before() -> None:
    fresh = did("CREATE TABLE fresh ()", _FRESH)
    found_steps = list(steps(Trace(BASE, (fresh, did("SELECT", None), did("SELECT", None)))))
    assert [step.before for step in found_steps] == [BASE, _FRESH, _FRESH]


def test_what_a_way_back_takes_along_is_no_loss() -> None:
    """Only from its own savepoint on, and in its own transaction."""
    before = with_column(BASE, 3)

    def lost(*around: str) -> bool:
        said = [did("ALTER TABLE rooms DROP more" if sql == "drop" else sql, before) for sql in around]
        place = around.index("drop")
        said[place:] = [replace(one, after=BASE) for one in said[place:]]
        return found(Kind.DATA_LOSS, *said, before=before) != []

    assert not lost("SAVEPOINT a", "drop", "ROLLBACK TO a")
    assert not lost("SAVEPOINT a", "drop", "SAVEPOINT b", "RELEASE b", 'ROLLBACK WORK TO SAVEPOINT "a";')
    assert lost("drop", "SAVEPOINT a", "ROLLBACK TO a")
    assert lost("SAVEPOINT a", "drop", "RELEASE a")
    assert lost("SAVEPOINT a", "drop", "SAVEPOINT b", "ROLLBACK TO b")
