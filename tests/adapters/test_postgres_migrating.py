"""How far a migration is, and who keeps it waiting, on a real server."""

import re
import threading
import time

import psycopg
import pytest

from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.core.moving import Watcher

pytestmark = pytest.mark.database
_FILL = """
CREATE TABLE many (id int, body text);
INSERT INTO many SELECT n, md5(n::text) FROM generate_series(1, 400000) n;
"""


def test_an_index_build_is_told_by_table_phase_and_share(
    databases: PostgresDatabases, database_url: str
) -> None:
    said: list[str] = []
    databases.execute(database_url, _FILL)
    with databases.migrating(database_url, Watcher(said.append, 0.01)):
        databases.execute(
            database_url, "SET max_parallel_maintenance_workers = 0; CREATE INDEX ON many (body)"
        )
    shape = (
        r"CREATE INDEX public\.many: \S.*, [\d.,]+( \w+)? (rows )?of [\d.,]+ (MB|rows)(, .*/s(, .* left)?)?"
    )
    assert any(re.fullmatch(shape, line) for line in said), said


def test_a_table_that_is_written_anew_is_told(databases: PostgresDatabases, database_url: str) -> None:
    said: list[str] = []
    databases.execute(database_url, _FILL)
    with databases.migrating(database_url, Watcher(said.append, 0.01)):
        databases.execute_each(database_url, ["VACUUM FULL many"])
    assert any(line.startswith("VACUUM FULL public.many: ") for line in said), said


def test_who_keeps_it_waiting_is_named(databases: PostgresDatabases, database_url: str) -> None:
    said, seen = list[str](), threading.Event()

    def tell(line: str) -> None:
        said.append(line)
        seen.set()

    databases.execute(database_url, "CREATE TABLE few (id int)")
    with psycopg.connect(database_url, application_name="reports") as holding:
        holding.execute("SELECT * FROM few")
        pid = holding.info.backend_pid
        with databases.migrating(database_url, Watcher(tell, 0.05)):
            alter = threading.Thread(
                target=databases.execute, args=(database_url, "ALTER TABLE few ADD COLUMN more int")
            )
            alter.start()
            assert seen.wait(60)
            holding.rollback()
            alter.join()
    shape = (
        rf"pid \d+ waits for a lock for \d+ s: pid {pid} \(reports, \w+, idle in transaction, "
        r"its transaction open for \d+ s\) holds it"
    )
    assert re.fullmatch(shape, said[0]), said


def test_short_work_is_not_told_and_what_cannot_be_asked_goes_on(
    databases: PostgresDatabases, database_url: str
) -> None:
    said: list[str] = []
    began = time.monotonic()
    with databases.migrating(database_url, Watcher(said.append, 60)):
        databases.execute(database_url, "CREATE TABLE one ()")
    with databases.migrating("postgresql://127.0.0.1:1/x", Watcher(said.append, 0.01)):
        time.sleep(0.1)
    assert said == []
    assert time.monotonic() - began < 60
