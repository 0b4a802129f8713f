"""What clients say to a server, of all that a migration might."""

from contextlib import suppress
from typing import Any

import psycopg

from tests.adapters.watching import Step

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


INSERT = "INSERT INTO rooms (id, name) VALUES (1, 'a'), (2, 'b')"
_NOBODY = "INSERT INTO notes (id, room) VALUES (1, 99)"
_COUNT = "SELECT id, name FROM rooms ORDER BY id"
_LOOP = "DO $$ BEGIN INSERT INTO rooms (id) VALUES (3); COMMIT; INSERT INTO rooms (id) VALUES (4); END $$"
SAID: dict[str, list[Step]] = {
    "rows": ["SELECT 1 AS a, 'x'::text, NULL, '{1}'::int[]", "TABLE rooms", "VALUES (1), (2)"],
    "changes": [
        INSERT,
        "UPDATE rooms SET name = 'c' RETURNING id",
        "DELETE FROM rooms WHERE id = 1",
        _COUNT,
    ],
    "nothing": ["", ";", "-- nothing", "/* ; */;"],
    "several": ["SELECT 1; SELECT 2 AS b", f"{INSERT};; {_COUNT}"],
    "several of which one fails": [f"{INSERT}; SELECT 1/0; SELECT 3", _COUNT],
    "several with a transaction": [
        f"BEGIN; {INSERT}",
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
        INSERT,
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
        INSERT,
        "SHOW enable_seqscan",
        "COMMIT",
    ],
    "an error in a transaction": ["BEGIN", INSERT, "SELECT 1/0", "SELECT 1", "COMMIT", _COUNT],
    "savepoints": [
        "BEGIN",
        INSERT,
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
        INSERT,
        "COMMIT",
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        INSERT,
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
    "data out": [INSERT, _copy_out, "BEGIN", _copy_out, "COMMIT"],
    "prepared": [
        INSERT,
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
