"""What is seen of statements on a real server."""

from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.facts.catalogue_change import ChangeKind, changes
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.hazards import hazards
from hotelctl.facts.lock_mode import LockMode as Mode
from hotelctl.facts.migration_trace import Rows
from tests.adapters.watching import named, seen, traces, watched

pytestmark = pytest.mark.database
_ALONE = ("reads", "writes")


@pytest.mark.parametrize(
    ("sql", "locks", "blocked"),
    [
        ("ALTER TABLE rooms ADD x int", {"rooms": Mode.ACCESS_EXCLUSIVE}, {"rooms": _ALONE}),
        ("CREATE INDEX ON rooms (mood)", {"rooms": Mode.SHARE}, {"rooms": ("writes",)}),
        (
            "CREATE INDEX CONCURRENTLY ON rooms (mood)",
            {"rooms": Mode.SHARE_UPDATE_EXCLUSIVE},
            {},
        ),
        ("INSERT INTO rooms (id) VALUES (99)", {"rooms": Mode.ROW_EXCLUSIVE}, {}),
        ("SELECT FROM rooms", {"rooms": Mode.ACCESS_SHARE}, {}),
        (
            "DROP TABLE notes",
            {"notes": Mode.ACCESS_EXCLUSIVE, "rooms": Mode.ACCESS_EXCLUSIVE},
            {"notes": _ALONE, "rooms": _ALONE},
        ),
        (
            "CREATE TABLE more (room bigint REFERENCES rooms)",
            {"rooms": Mode.SHARE_ROW_EXCLUSIVE},
            {"rooms": ("writes",)},
        ),
        (
            "CREATE TABLE stays_3 PARTITION OF stays FOR VALUES IN (3)",
            {"stays": Mode.ACCESS_EXCLUSIVE},
            {"stays": _ALONE},
        ),
        (
            "ALTER TABLE stays_1 ADD CHECK (id > 0)",
            {"stays_1": Mode.ACCESS_EXCLUSIVE},
            {"stays": ("reads",), "stays_1": _ALONE},
        ),
    ],
)
def test_locks_and_who_waits_for_them(
    sql: str, locks: dict[str, Mode], blocked: dict[str, Any], url: str, tmp_path: Path
) -> None:
    (trace,) = traces(url, tmp_path, sql)
    (one,) = trace.statements
    strongest = {name: mode for name, mode in named(trace, one.locks).items() if name in locks}
    assert strongest == locks
    waiting = named(trace, one.blocked)
    assert waiting.keys() == blocked.keys()
    assert all(set(words) <= set(waiting[name]) for name, words in blocked.items())


def test_an_index_lock_of_reindex_stops_whoever_reads_the_table(url: str, tmp_path: Path) -> None:
    (trace,) = traces(url, tmp_path, "REINDEX TABLE rooms")
    (one,) = trace.statements
    assert named(trace, one.locks)["rooms"] is Mode.SHARE
    assert named(trace, one.blocked) == {"rooms": _ALONE}
    assert {hazard.kind for hazard in hazards(trace)} == {HazardKind.INDEX_BUILD}


@pytest.mark.parametrize(
    ("sql", "rewritten"),
    [
        ("ALTER TABLE rooms ALTER name TYPE int USING 1", {"rooms", "rooms_pkey"}),
        ("ALTER TABLE rooms ALTER name TYPE varchar(60)", set()),
        ("ALTER TABLE rooms ADD x uuid DEFAULT gen_random_uuid()", {"rooms", "rooms_pkey", "rooms_name"}),
        ("ALTER TABLE rooms ADD x int DEFAULT 1", set()),
        ("ALTER TABLE rooms ADD x timestamptz DEFAULT now()", set()),
        ("VACUUM FULL rooms", {"rooms", "rooms_pkey", "rooms_name"}),
        ("DO $$ BEGIN EXECUTE 'ALTER TABLE rooms SET UNLOGGED'; END $$", {"rooms"}),
    ],
)
def test_a_table_gets_another_file_or_keeps_it(
    sql: str, rewritten: set[str], url: str, tmp_path: Path
) -> None:
    steps = ["ALTER TABLE notes DROP room", sql]
    (trace,) = traces(url, tmp_path, *steps)
    before, after = trace.statements[0].after, trace.statements[1].after
    assert before is not None
    assert after is not None
    found = {
        one.name.removeprefix("public.") for one in changes(before, after) if one.kind is ChangeKind.REWRITTEN
    }
    assert found >= rewritten
    assert bool(found) is bool(rewritten)


@pytest.mark.parametrize(
    ("sql", "kinds"),
    [
        ("ALTER TABLE rooms ADD CHECK (id > 0)", {HazardKind.SCAN}),
        ("ALTER TABLE rooms ADD CHECK (id > 0) NOT VALID", set()),
        ("ALTER TABLE notes ALTER words SET NOT NULL", {HazardKind.FAILS_ON_DATA}),
        ("ALTER TABLE notes ADD FOREIGN KEY (id) REFERENCES rooms", {HazardKind.SCAN}),
        ("ALTER TABLE rooms ADD UNIQUE (name)", {HazardKind.INDEX_BUILD}),
        ("CREATE INDEX ON rooms (mood)", {HazardKind.INDEX_BUILD}),
        ("CREATE INDEX CONCURRENTLY ON rooms (mood)", set()),
        ("UPDATE rooms SET name = 'x'", {HazardKind.BACKFILL}),
        ("UPDATE rooms SET name = 'x' WHERE id = 7", set()),
        ("DO $$ BEGIN UPDATE notes SET words = '' WHERE words <> ''; END $$", {HazardKind.BACKFILL}),
        ("INSERT INTO rooms (id) SELECT id + 100 FROM rooms", set()),
        ("CREATE TABLE more AS SELECT * FROM rooms", set()),
        ("ALTER TABLE rooms ALTER name TYPE varchar(60)", {HazardKind.CACHED_PLAN}),
        ("DELETE FROM notes", {HazardKind.BACKFILL, HazardKind.DATA_LOSS}),
        ("ALTER TABLE rooms ADD nonsense nonsense", {HazardKind.CANNOT_RUN}),
        ("INSERT INTO rooms (id) VALUES (1)", {HazardKind.FAILS_ON_DATA}),
    ],
)
@pytest.mark.parametrize("alone", [True, False], ids=["alone", "in a transaction"])
def test_what_a_statement_does_is_seen(
    sql: str,
    kinds: set[HazardKind],
    alone: bool,  # noqa: FBT001 - a fact
    url: str,
    tmp_path: Path,
) -> None:
    if not alone and "CONCURRENTLY" in sql:
        kinds = {HazardKind.CANNOT_RUN}
    steps = ["SET lock_timeout = '3s'", sql] if alone else ["BEGIN", "SET LOCAL lock_timeout = '3s'", sql]

    def tried(client: psycopg.Connection[Any]) -> None:
        try:
            client.execute(steps[-1].encode())
        except psycopg.Error:
            assert kinds <= {HazardKind.CANNOT_RUN, HazardKind.FAILS_ON_DATA}

    (trace,) = traces(url, tmp_path, *steps[:-1], tried)
    assert {one.kind for one in hazards(trace)} == kinds
    assert trace.statements[-1].sql == sql


def test_rows_are_counted_for_each_statement_alone(url: str, tmp_path: Path) -> None:
    steps = ["BEGIN", "DELETE FROM notes WHERE id = 1", "UPDATE notes SET words = ''", "SELECT 1"]
    (trace,) = traces(url, tmp_path, *steps)
    first, second, third = (named(trace, one.rows) for one in trace.statements)
    assert first["notes"] == Rows(deleted=1)
    assert second["notes"] == Rows(scans=1, read=19, updated=19)
    assert third == {}
    assert named(trace, trace.row_counts) == {
        "rooms": 20,
        "notes": 20,
        "stays": 0,
        "stays_1": 0,
        "stays_2": 0,
    }


def test_the_limit_that_holds_is_seen(url: str, tmp_path: Path) -> None:
    change = "ALTER TABLE rooms ADD x int"
    assert seen(url, tmp_path, change).lock_timeout_ms == 0
    assert seen(url, tmp_path, "SET lock_timeout = '2s'", change.replace("x", "y")).lock_timeout_ms == 2000
    together = f"SET LOCAL lock_timeout = '1s'; {change.replace('x', 'z')}"
    assert seen(url, tmp_path, together).lock_timeout_ms == 1000


def test_a_column_of_a_type_of_somebody_s_own_is_the_same_wherever_it_is_looked_for(
    url: str, tmp_path: Path
) -> None:
    steps = ["SET search_path = ''", "SET lock_timeout = '1s'", "ALTER TABLE public.rooms ADD x int"]
    (trace,) = traces(url, tmp_path, *steps)
    details = [one.detail for one in hazards(trace)]
    assert details == ["public.rooms.x is new, which SELECT * sees"]


def test_statements_of_a_transaction_have_its_number_and_others_their_own(url: str, tmp_path: Path) -> None:
    steps = ["SELECT 1", "BEGIN", "SELECT 2; SELECT 3", "COMMIT", "SELECT 4; SELECT 5", "VACUUM notes"]
    (trace,) = traces(url, tmp_path, *steps)
    numbers = [one.transaction for one in trace.statements]
    assert [one.sql for one in trace.statements] == [*(f"SELECT {n}" for n in range(1, 6)), "VACUUM notes"]
    assert numbers[1] == numbers[2]
    assert numbers[3] == numbers[4]
    assert len(set(numbers)) == 4


def test_a_rule_that_fails_at_the_end_is_the_error_of_its_statement(url: str, tmp_path: Path) -> None:
    def nobody(client: psycopg.Connection[Any]) -> None:
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            client.execute("INSERT INTO notes (id, room) VALUES (99, 99)")

    (trace,) = traces(url, tmp_path, nobody)
    assert [one.error.sqlstate for one in trace.statements if one.error] == ["23503"]


def test_what_the_server_refuses_before_any_transaction_is_seen(url: str, tmp_path: Path) -> None:
    def lock(client: psycopg.Connection[Any]) -> None:
        with pytest.raises(psycopg.errors.NoActiveSqlTransaction):
            client.execute("LOCK TABLE rooms")

    (trace,) = traces(url, tmp_path, lock)
    assert [one.kind for one in hazards(trace)] == [HazardKind.CANNOT_RUN]


@pytest.mark.parametrize(
    ("ledger", "note"),
    [
        (
            "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL)",
            "INSERT INTO alembic_version (version_num) VALUES ('{}')",
        ),
        (
            "CREATE TABLE schema_migrations (name text, sha256 text)",
            "INSERT INTO schema_migrations (name, sha256) VALUES ('{}', 'x')",
        ),
    ],
)
def test_apart_each_revision_stands_on_what_those_before_it_made(
    ledger: str, note: str, url: str, tmp_path: Path
) -> None:
    """In one transaction, as Alembic runs them, or one for each."""
    first = ["CREATE TABLE fresh (id bigint)", note.format("1")]
    second = ["CREATE INDEX ON fresh (id)", "UPDATE fresh SET id = id + 100", note.format("2")]
    found = traces(url, tmp_path, ledger, "BEGIN", *first, *second, "COMMIT", apart=True)
    assert [one.statements[-1].sql for one in found] == [note.format("1"), note.format("2")]
    assert named(found[1], found[1].row_counts)["fresh"] == 20
    kinds = [{hazard.kind for hazard in hazards(one)} for one in found]
    assert kinds == [set(), {HazardKind.INDEX_BUILD, HazardKind.BACKFILL, HazardKind.HELD_LOCK}]


def test_not_apart_all_of_it_is_one_run(url: str, tmp_path: Path) -> None:
    steps = [
        "CREATE TABLE schema_migrations (name text, sha256 text)",
        "CREATE TABLE fresh (id bigint)",
        "INSERT INTO schema_migrations VALUES ('1', 'x')",
        "CREATE INDEX ON fresh (id)",
    ]
    (trace,) = traces(url, tmp_path, *steps)
    assert hazards(trace) == ()


def test_two_sessions_at_once_are_one_trace(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path) as found:
        with psycopg.connect(found.url) as first, psycopg.connect(found.url) as second:
            first.execute("UPDATE rooms SET name = '' WHERE id = 1")
            second.execute("UPDATE notes SET words = '' WHERE id = 1")
            first.execute("UPDATE rooms SET name = '' WHERE id = 2")
        (trace,) = found.traces()
    one, other, again = trace.statements
    assert one.transaction == again.transaction != other.transaction
    assert (set(named(trace, one.rows)), set(named(trace, other.rows))) == ({"rooms"}, {"notes"})


def test_what_was_there_already_keeps_its_rows(url: str, tmp_path: Path) -> None:
    with psycopg.connect(url, autocommit=True) as client:
        client.execute("INSERT INTO rooms (id) VALUES (1), (2), (3)")
    (trace,) = traces(url, tmp_path, "SELECT 1", rows=5)
    counts = named(trace, trace.row_counts)
    assert (counts["rooms"], counts["notes"]) == (3, 5)
