"""A client by way of the tracer is told the same as without it."""

import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.tracer import WireTracer
from hotelctl.core.errors import Unavailable
from tests.adapters.watching import Step, filled, told, traces, watched

pytestmark = pytest.mark.database
Client = psycopg.Connection[Any]


def _copy_in(client: Client, rows: str = "1\ta\n2\tb\n", table: str = "rooms (id, name)") -> object:
    with client.cursor() as cursor:
        with cursor.copy(f"COPY {table} FROM STDIN".encode()) as copy:
            copy.write(rows)
        return cursor.statusmessage


def _copy_bad(client: Client) -> object:
    return _copy_in(client, "one\ta\n")


def _copy_broken_off(client: Client) -> object:
    with suppress(ZeroDivisionError), client.cursor().copy("COPY rooms (id, name) FROM STDIN") as copy:
        copy.write("3\tc\n")
        raise ZeroDivisionError
    return client.execute("SELECT count(*) FROM rooms").fetchall()


def _copy_out(client: Client) -> object:
    with client.cursor().copy("COPY rooms (id, name) TO STDOUT") as copy:
        return list(copy)


def _prepared(client: Client) -> object:
    ask = "SELECT name FROM rooms WHERE id = %s"
    return [client.execute(ask, (number,), prepare=True).fetchall() for number in (1, 2, 3)]


def _many(client: Client) -> object:
    with client.cursor() as cursor:
        cursor.executemany("INSERT INTO rooms (id, name) VALUES (%s, %s)", [(5, "e"), (6, "f"), (7, None)])
        return cursor.rowcount


def _pipelined(client: Client) -> object:
    with client.pipeline():
        found = [client.execute("SELECT %s::int + 1", (number,)) for number in range(3)]
    return [one.fetchall() for one in found]


def _transaction(client: Client) -> object:
    with client.transaction():
        client.execute("INSERT INTO rooms (id) VALUES (%s)", (8,))
        with client.transaction():
            client.execute("INSERT INTO rooms (id) VALUES (9)")
    return client.execute("SELECT id FROM rooms ORDER BY 1").fetchall()


_INSERT = "INSERT INTO rooms (id, name) VALUES (1, 'a'), (2, 'b')"
_NOBODY = "INSERT INTO notes (id, room) VALUES (1, 99)"
_COUNT = "SELECT id, name FROM rooms ORDER BY id"
_LOOP = "DO $$ BEGIN INSERT INTO rooms (id) VALUES (3); COMMIT; INSERT INTO rooms (id) VALUES (4); END $$"
_SAID: dict[str, list[Step]] = {
    "rows": ["SELECT 1 AS a, 'x'::text, NULL, '{1}'::int[]", "TABLE rooms", "VALUES (1), (2)"],
    "changes": [
        _INSERT,
        "UPDATE rooms SET name = 'c' RETURNING id",
        "DELETE FROM rooms WHERE id = 1",
        _COUNT,
    ],
    "nothing": ["", ";", "-- nothing", "/* ; */;"],
    "several": ["SELECT 1; SELECT 2 AS b", f"{_INSERT};; {_COUNT}"],
    "several of which one fails": [f"{_INSERT}; SELECT 1/0; SELECT 3", _COUNT],
    "several with a transaction": [
        f"BEGIN; {_INSERT}",
        "COMMIT; SELECT 1",
        "BEGIN; SELECT 1/0; COMMIT",
        "ROLLBACK",
    ],
    "settings of several": [
        "SET LOCAL lock_timeout = '1s'; SHOW lock_timeout",
        "SHOW lock_timeout",
        "SET lock_timeout = '2s'; SELECT 1/0",
        "SHOW lock_timeout",
        "SET lock_timeout = '3s'; CREATE TABLE more ()",
        "SHOW lock_timeout",
    ],
    "settings": [
        "SET LOCAL lock_timeout = '1s'",
        "SET nonsense = 1",
        "BEGIN",
        "SET LOCAL lock_timeout = '4s'",
        "SHOW lock_timeout",
        _INSERT,
        "SHOW enable_seqscan",
        "COMMIT",
        "SHOW lock_timeout",
        "SHOW enable_seqscan",
        "SHOW search_path",
        "RESET ALL",
    ],
    "a planner that was told": [
        "BEGIN",
        "SET LOCAL enable_seqscan = off",
        _INSERT,
        "SHOW enable_seqscan",
        "COMMIT",
    ],
    "an error in a transaction": ["BEGIN", _INSERT, "SELECT 1/0", "SELECT 1", "COMMIT", _COUNT],
    "savepoints": [
        "BEGIN",
        _INSERT,
        "SAVEPOINT here",
        "SELECT nothing",
        "SELECT 1",
        "ROLLBACK TO here",
        "INSERT INTO rooms (id) VALUES (3)",
        "RELEASE here",
        "COMMIT",
        _COUNT,
    ],
    "savepoints of the driver": [_transaction],
    "isolation": [
        "BEGIN",
        "SET TRANSACTION ISOLATION LEVEL SERIALIZABLE",
        "SHOW transaction_isolation",
        _INSERT,
        "COMMIT",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        _INSERT,
        "ROLLBACK",
        "START TRANSACTION",
        "SHOW transaction_isolation",
        "END",
    ],
    "no transaction may hold it": [
        "CREATE INDEX CONCURRENTLY ON rooms (name)",
        "VACUUM rooms",
        "REINDEX TABLE CONCURRENTLY rooms",
        "BEGIN",
        "CREATE INDEX CONCURRENTLY ON rooms (id)",
        "ROLLBACK",
        "SELECT 1; VACUUM rooms",
        "ALTER SYSTEM RESET work_mem",
    ],
    "only a transaction may hold it": [
        "LOCK TABLE rooms",
        "DECLARE c CURSOR FOR SELECT 1",
        "SAVEPOINT here",
        "COMMIT",
        "BEGIN",
        "BEGIN",
        "LOCK TABLE rooms",
        "DECLARE c CURSOR FOR SELECT 1 AS a",
        "FETCH c",
        "ROLLBACK",
    ],
    "a concurrent index that fails": [
        "INSERT INTO rooms (id, name) VALUES (1, 'a'), (2, 'a')",
        "CREATE UNIQUE INDEX CONCURRENTLY one_name ON rooms (name)",
        "SELECT indisvalid FROM pg_index WHERE indexrelid = 'one_name'::regclass",
        "CREATE INDEX CONCURRENTLY IF NOT EXISTS one_name ON rooms (name)",
    ],
    "a rule that is looked at at the end": [
        _NOBODY,
        "BEGIN",
        _NOBODY,
        "SELECT 1",
        "COMMIT",
        "SELECT count(*) FROM notes",
    ],
    "a rule that is looked at at the end of several": [f"{_NOBODY}; SELECT 1", "SELECT count(*) FROM notes"],
    "a body that commits": [_LOOP, _COUNT, "BEGIN", _LOOP.replace("3", "5"), "ROLLBACK"],
    "a procedure that commits": [
        "CREATE PROCEDURE p(INOUT n int) LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO rooms (id) VALUES (n); COMMIT; n := n + 1; END $$",
        "CALL p(3)",
        _COUNT,
    ],
    "notices": [
        "DO $$ BEGIN RAISE NOTICE 'a'; RAISE WARNING 'b' USING ERRCODE = '01234'; END $$",
        "DROP TABLE IF EXISTS lost",
        "CREATE TABLE IF NOT EXISTS rooms (); SELECT 1",
    ],
    "data in": [_copy_in, _COUNT, _copy_bad, "BEGIN", _copy_bad, "ROLLBACK", _copy_broken_off],
    "data out": [_INSERT, _copy_out, "BEGIN", _copy_out, "COMMIT"],
    "prepared": [
        _INSERT,
        _prepared,
        "PREPARE p AS SELECT $1::int",
        "EXECUTE p(3)",
        "DEALLOCATE p",
        "EXECUTE p(3)",
    ],
    "many at once": [_many, _many, _pipelined, _COUNT],
    "a large answer": ["SELECT repeat('x', 1000) || g FROM generate_series(1, 5000) g", "SELECT 1"],
    "changes of the schema": [
        "ALTER TABLE rooms ADD more int NOT NULL DEFAULT 3",
        "ALTER TABLE rooms ALTER name TYPE int USING 1",
        "CREATE VIEW seen AS SELECT more FROM rooms",
        "ALTER TABLE rooms DROP more",
        "DROP TABLE rooms CASCADE",
        "TRUNCATE notes",
        "CREATE ROLE ana; DROP ROLE ana",
        "ALTER TYPE mood ADD VALUE 'mad'",
        "BEGIN",
        "ALTER TYPE mood ADD VALUE 'bad'",
        "SELECT 'bad'::mood",
        "ROLLBACK",
    ],
}


@pytest.mark.parametrize("name", _SAID)
def test_a_client_is_told_the_same(name: str, url: str, with_socket: str, tmp_path: Path) -> None:
    with filled(with_socket) as other:
        expected = told(other, _SAID[name])
    with watched(url, tmp_path, rows=0) as found:
        assert told(found.url, _SAID[name]) == expected


def test_two_sessions_at_once_wait_for_each_other_as_ever(url: str, tmp_path: Path) -> None:
    with (
        watched(url, tmp_path, rows=0) as found,
        psycopg.connect(found.url) as first,
        psycopg.connect(found.url, autocommit=True) as second,
    ):
        first.execute(_INSERT)
        came: list[object] = []
        waiting = threading.Thread(
            target=lambda: came.append(
                second.execute("INSERT INTO rooms (id) VALUES (1) ON CONFLICT DO NOTHING")
            )
        )
        waiting.start()
        waiting.join(0.2)
        assert waiting.is_alive()
        first.commit()
        waiting.join(10)
        assert len(came) == 1
        assert second.execute("SELECT count(*) FROM rooms").fetchall() == [(2,)]


def test_one_that_breaks_off_another(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path) as found, psycopg.connect(found.url, autocommit=True) as client:
        threading.Timer(0.3, client.cancel_safe).start()
        with pytest.raises(psycopg.errors.QueryCanceled):
            client.execute("SELECT pg_sleep(20)")
        assert client.execute("SELECT 1").fetchall() == [(1,)]


def test_the_way_in_is_closed_to_others_and_gone_afterwards(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path) as found:
        directory = Path(Address(found.url).host)
        assert directory.stat().st_mode & 0o777 == 0o700
        client = psycopg.connect(found.url)
    assert not directory.exists()
    with pytest.raises(psycopg.OperationalError):
        client.execute("SELECT 1")
    client.close()


def test_a_way_that_is_too_long_for_a_socket_is_elsewhere(url: str, tmp_path: Path) -> None:
    deep = tmp_path / ("x" * 100)
    deep.mkdir()
    with watched(url, deep) as found:
        assert not found.url.startswith(str(deep))
        with psycopg.connect(found.url) as client:
            assert client.execute("SELECT current_database()").fetchone() == (Address(url).database,)


def test_a_client_that_is_gone_leaves_the_others(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path, rows=0) as found, psycopg.connect(found.url, autocommit=True) as client:
        lost = psycopg.connect(found.url)
        lost.execute(_INSERT)
        lost.pgconn.finish()
        assert client.execute("SELECT count(*) FROM rooms").fetchall() == [(0,)]


@pytest.mark.parametrize("address", ["postgresql://u@127.0.0.1:1/d", "postgresql://u@/d?host=/nowhere"])
def test_a_server_that_cannot_be_watched_is_unavailable(address: str, tmp_path: Path) -> None:
    with pytest.raises(Unavailable), WireTracer(tmp_path).watched(address, apart=False, rows=0):
        pass
    assert list(tmp_path.iterdir()) == []


def test_whoever_does_nothing_leaves_no_trace(url: str, tmp_path: Path) -> None:
    assert traces(url, tmp_path) == ()
    assert traces(url, tmp_path, "SHOW lock_timeout", "BEGIN", "ROLLBACK") == ()
