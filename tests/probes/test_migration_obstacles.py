import secrets
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.embedded import EmbeddedPostgres
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from hotelctl.facts.migration_obstacles import (
    InvalidIndex,
    MigrationObstacles,
    OpenSession,
    PreparedTransaction,
    ReplicationSlot,
    Vacuum,
    Waiting,
)
from hotelctl.probes import migration_obstacles
from tests.databases import fresh_database
from tests.probes.worlds import World

_PATIENCE_S = 60
_SETTINGS = {"fsync": "off", "max_prepared_transactions": "4", "autovacuum_naptime": "1s"}


def _live(world: World) -> None:
    world.databases.answer(
        "current_database(), current_setting", ("a", "b", "c"), [("live", "18.4", "owner")]
    )
    world.databases.answer("SELECT o.kind", ("t",), [])
    world.databases.answer("rolcanlogin", ("a", "b", "c", "d"), [(True, False, False, False)])
    world.databases.answer("c.relowner", ("t",), [])
    world.write("migrations/1.sql", "SELECT 1;\n")
    world.write("migrations/2.sql", "SELECT 2;\n")
    world.work.applied = ("1.sql",)


def test_each_answer_is_a_fact_of_its_kind() -> None:
    world = World()
    _live(world)
    for part, row in {
        "make_interval(secs => %s)\n    OR": (7, "psql", "active", 90, 0),
        "pg_stat_progress_vacuum": (8, "rooms", "scanning heap", True, True),
        "NOT i.indisvalid": ("rooms_no", "rooms", 8192),
        "pg_prepared_xacts": ("two", "ana", 70),
        "pg_replication_slots": ("far", False, 5),
        "pg_blocking_pids": (9, "app", 6, [7, 0]),
        "backend_type IS NULL": (3,),
    }.items():
        world.databases.answer(part, tuple("abcde"[: len(row)]), [row])
    assert world.fact(MigrationObstacles) == MigrationObstacles(
        database="live",
        asker="owner",
        pending=("2.sql",),
        sessions=(OpenSession(7, "psql", "active", 90, 0),),
        vacuums=(Vacuum(8, "rooms", "scanning heap", yields=False, wraparound=True),),
        indexes=(InvalidIndex("rooms_no", "rooms", 8192),),
        prepared=(PreparedTransaction("two", "ana", 70),),
        slots=(ReplicationSlot("far", active=False, lag_bytes=5),),
        waiting=(Waiting(9, "app", 6, (7, 0)),),
        hidden=3,
    )


def test_where_no_migration_is_pending_nothing_is_asked() -> None:
    world = World()
    _live(world)
    world.work.applied = ("1.sql", "2.sql")
    why = "NotApplicable: no migration is pending: live is at 2.sql"
    assert world.why_not(MigrationObstacles) == why


def test_a_database_that_cannot_be_asked_leaves_it_open() -> None:
    world = World()
    _live(world)
    world.databases.down = "connection refused"
    assert world.why_not(MigrationObstacles) == "Unavailable: DATABASE_URL: connection refused"


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """A server of this file's own: slots and prepared transactions are everybody's."""
    with tempfile.TemporaryDirectory(prefix="e-") as place:
        one = EmbeddedPostgres(Path(place) / "state" / "postgres", _SETTINGS)
        try:
            yield one.ensure()
        finally:
            one.stop()


@pytest.fixture
def url(server: str) -> Iterator[str]:
    with fresh_database(server) as fresh:
        yield fresh


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is there for a moment counts."""
    for name in ("TRANSACTION_S", "IDLE_S", "PREPARED_S", "WAITING_S"):
        monkeypatch.setattr(migration_obstacles, name, 0)


def _found(url: str) -> MigrationObstacles:
    world = World(database={"url_env": "DATABASE_URL"})
    _live(world)
    processes = LocalProcesses(world.evidence, SystemClock(), {})
    world.databases = PostgresDatabases(processes, world.evidence, SystemClock())  # type: ignore[assignment]
    world.database_url = url
    found: MigrationObstacles = world.fact(MigrationObstacles)
    return found


def _seen(url: str, wanted: Callable[[MigrationObstacles], bool]) -> MigrationObstacles:
    until = time.monotonic() + _PATIENCE_S
    while not wanted(found := _found(url)):
        assert time.monotonic() < until, found
        time.sleep(0.05)
    return found


def _do(url: str, *statements: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for one in statements:
            connection.execute(one.encode())


@contextmanager
def _meanwhile(url: str, statement: str) -> Iterator[None]:
    """The statement runs in another session, and is cancelled after the block."""
    with psycopg.connect(url, autocommit=True, application_name="another") as connection:

        def run() -> None:
            with suppress(psycopg.errors.QueryCanceled):
                connection.execute(statement.encode())

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
        finally:
            connection.cancel_safe()
            thread.join(_PATIENCE_S)


@pytest.mark.database
def test_a_quiet_server_has_nothing_in_the_way(url: str) -> None:
    # Of a new database an autovacuum may look at a catalogue.
    found = _seen(url, lambda found: not found.vacuums)
    assert found == MigrationObstacles(found.database, found.asker, ("2.sql",))


@pytest.mark.database
@pytest.mark.usefixtures("at_once")
def test_an_open_transaction_is_seen_but_not_our_own(url: str) -> None:
    with psycopg.connect(url, application_name="hotelctl") as own:
        own.execute("SELECT 1")
        assert _found(url).sessions == ()
        with psycopg.connect(url, application_name="report") as other:
            pid = other.info.backend_pid
            other.execute("SELECT 1")
            (one,) = _seen(url, lambda found: bool(found.sessions)).sessions
            assert (one.pid, one.application, one.state) == (pid, "report", "idle in transaction")
            other.rollback()
            assert _found(url).sessions == ()


@pytest.mark.database
def test_a_young_transaction_is_nobody_s_business(url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute("SELECT 1")
        assert _found(url).sessions == ()


@pytest.mark.database
def test_one_that_idles_is_seen_before_its_transaction_is_old(
    url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migration_obstacles, "IDLE_S", 0)
    with psycopg.connect(url) as other:
        other.execute("SELECT 1")
        assert _found(url).sessions[0].pid == other.info.backend_pid


@pytest.mark.database
def test_a_build_that_failed_leaves_an_index_that_is_seen(url: str) -> None:
    _do(url, "CREATE TABLE rooms (no int)", "INSERT INTO rooms VALUES (1), (1)")
    with pytest.raises(psycopg.errors.UniqueViolation):
        _do(url, "CREATE UNIQUE INDEX CONCURRENTLY rooms_no ON rooms (no)")
    assert _found(url).indexes == (InvalidIndex("rooms_no", "rooms", 0),)
    _do(url, "DROP INDEX CONCURRENTLY rooms_no")
    assert _found(url).indexes == ()


@pytest.mark.database
def test_a_build_that_was_given_up_for_an_old_snapshot_leaves_one_that_has_a_size(url: str) -> None:
    _do(url, "CREATE TABLE rooms (no int)", "INSERT INTO rooms SELECT generate_series(1, 1000)")
    with psycopg.connect(url) as holder:
        holder.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        holder.execute("SELECT 1")
        with pytest.raises(psycopg.errors.LockNotAvailable):
            _do(url, "SET lock_timeout = 100", "CREATE INDEX CONCURRENTLY rooms_no ON rooms (no)")
    (one,) = _found(url).indexes
    assert (one.name, one.table) == ("rooms_no", "rooms")
    assert one.size_bytes > 8192


@pytest.mark.database
def test_an_index_that_is_built_right_now_did_not_fail(url: str) -> None:
    _do(url, "CREATE TABLE rooms (no int)")
    with psycopg.connect(url) as holder:
        holder.execute("INSERT INTO rooms VALUES (1)")
        with _meanwhile(url, "CREATE INDEX CONCURRENTLY rooms_no ON rooms (no)"):
            until = time.monotonic() + _PATIENCE_S
            with psycopg.connect(url, autocommit=True) as asks:
                while asks.execute("SELECT to_regclass('rooms_no')").fetchone() == (None,):
                    assert time.monotonic() < until
            assert _found(url).indexes == ()
            holder.rollback()


@pytest.mark.database
@pytest.mark.usefixtures("at_once")
def test_a_prepared_transaction_is_seen_and_named_as_who_blocks(url: str) -> None:
    _do(url, "CREATE TABLE rooms (no int)")
    with psycopg.connect(url, autocommit=True) as other:
        for one in ("BEGIN", "LOCK TABLE rooms", "PREPARE TRANSACTION 'two'"):
            other.execute(one.encode())
        try:
            (one_of,) = _seen(url, lambda found: bool(found.prepared)).prepared
            assert one_of.gid == "two"
            with _meanwhile(url, "SELECT * FROM rooms"):
                (waiting,) = _seen(url, lambda found: bool(found.waiting)).waiting
                assert waiting.blockers == (0,)
        finally:
            other.execute("ROLLBACK PREPARED 'two'")
    assert _found(url).prepared == ()


@pytest.mark.database
@pytest.mark.usefixtures("at_once")
def test_who_waits_for_a_lock_is_seen_with_who_has_it(url: str) -> None:
    _do(url, "CREATE TABLE rooms (no int)")
    with psycopg.connect(url) as holder:
        holder.execute("LOCK TABLE rooms")
        with _meanwhile(url, "SELECT * FROM rooms"):
            (one,) = _seen(url, lambda found: bool(found.waiting)).waiting
            assert (one.application, one.blockers) == ("another", (holder.info.backend_pid,))
            holder.rollback()


@pytest.mark.database
def test_a_slot_that_nobody_reads_is_seen_and_one_that_keeps_nothing_is_not(url: str) -> None:
    _do(url, "SELECT pg_create_physical_replication_slot('unused')")
    try:
        assert _found(url).slots == ()
        _do(url, "SELECT pg_create_physical_replication_slot('left_over', true)")
        (one,) = _found(url).slots
        assert (one.name, one.active) == ("left_over", False)
        assert one.lag_bytes >= 0
    finally:
        _do(url, "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots")


@pytest.mark.database
def test_a_vacuum_by_hand_yields_to_nobody(url: str) -> None:
    _do(
        url,
        "CREATE TABLE rooms (no int) WITH (autovacuum_enabled = off)",
        "INSERT INTO rooms SELECT generate_series(1, 50000)",
    )
    slow = "SET vacuum_cost_delay = 100; SET vacuum_cost_limit = 1"
    with psycopg.connect(url, autocommit=True) as other:
        other.execute(slow.encode())
        thread = threading.Thread(target=_until_cancelled, args=(other, b"VACUUM rooms"))
        thread.start()
        try:
            (one,) = (one for one in _seen(url, _of_rooms).vacuums if one.table == "rooms")
            assert (one.pid, one.yields, one.wraparound) == (other.info.backend_pid, False, False)
        finally:
            other.cancel_safe()
            thread.join(_PATIENCE_S)


def _until_cancelled(connection: psycopg.Connection, statement: bytes) -> None:
    with suppress(psycopg.errors.QueryCanceled):
        connection.execute(statement)


# Each block with a handler that writes takes a transaction number of its own.
_OLD = """
DO $$ BEGIN FOR n IN 1..101000 LOOP
  BEGIN INSERT INTO ages VALUES (n); EXCEPTION WHEN OTHERS THEN NULL; END;
END LOOP; END $$
"""


@pytest.mark.database
def test_an_autovacuum_against_wraparound_yields_to_nobody(url: str) -> None:
    slow = "autovacuum_vacuum_cost_delay = 100, autovacuum_vacuum_cost_limit = 1"
    _do(
        url,
        f"CREATE TABLE rooms (no int) WITH ({slow}, autovacuum_freeze_max_age = 100000)",
        "CREATE TABLE ages (n int) WITH (autovacuum_enabled = off)",
        "INSERT INTO rooms SELECT generate_series(1, 50000)",
        _OLD,
    )
    (one,) = (one for one in _seen(url, _of_rooms).vacuums if one.table == "rooms")
    assert (one.yields, one.wraparound) == (False, True)


def _of_rooms(found: MigrationObstacles) -> bool:
    return any(one.table == "rooms" for one in found.vacuums)


@pytest.mark.database
@pytest.mark.usefixtures("at_once")
def test_an_owner_who_may_not_monitor_knows_how_many_transactions_are_hidden(server: str, url: str) -> None:
    role = f"test_plain_{secrets.token_hex(6)}"
    _do(server, f"CREATE ROLE {role} LOGIN")
    _do(server, f'ALTER DATABASE "{make_url(url).database}" OWNER TO {role}')
    plain = make_url(url).set(username=role).render_as_string(hide_password=False)
    with psycopg.connect(url) as other:
        assert _found(plain).hidden == 0
        other.execute("SELECT 1")
        found = _found(plain)
        assert (found.hidden, found.sessions, found.asker) == (1, (), role)
        _do(server, f"GRANT pg_read_all_stats TO {role}")
        found = _seen(plain, lambda found: bool(found.sessions))
        assert (found.hidden, found.sessions[0].pid) == (0, other.info.backend_pid)
