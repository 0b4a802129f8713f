import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

from hotelctl.app.migrations import recipe
from tests.databases import fresh_database

pytestmark = pytest.mark.database
_ROOT = Path(__file__).parents[3]


@pytest.fixture
def new_role(database_server: str, database_url: str) -> Iterator[str]:
    name = "test_race_" + database_url.partition("test_")[2][:12]
    yield name
    with psycopg.connect(database_server, autocommit=True) as connection:
        connection.execute(f"DROP ROLE IF EXISTS {name}".encode())


def test_a_role_that_many_databases_make_at_once_exists_once(database_url: str, new_role: str) -> None:
    def make(_: int) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute(recipe._CREATE_ROLE.format(role=new_role).encode())

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(make, range(12)))
    with psycopg.connect(database_url) as connection:
        rows = connection.execute(
            "SELECT rolcanlogin, rolsuper, rolbypassrls FROM pg_roles WHERE rolname = %s", (new_role,)
        ).fetchall()
    assert rows == [(False, False, False)]


def test_a_role_that_can_log_in_already_is_left_alone(database_url: str, new_role: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(f"CREATE ROLE {new_role} LOGIN".encode())
        connection.execute(recipe._CREATE_ROLE.format(role=new_role).encode())
        found = connection.execute("SELECT rolcanlogin FROM pg_roles WHERE rolname = %s", (new_role,))
        assert found.fetchone() == (True,)


def _idle_limit(connection: psycopg.Connection, role: str) -> list[tuple[str]]:
    return connection.execute(
        "SELECT unnest(setconfig) FROM pg_db_role_setting JOIN pg_roles r ON r.oid = setrole"
        " WHERE rolname = %s",
        (role,),
    ).fetchall()


def test_a_role_gets_a_limit_in_transactions_unless_it_has_one(database_url: str, new_role: str) -> None:
    limit = recipe._LIMIT_IDLE.format(role=new_role).encode()
    with psycopg.connect(database_url) as connection:
        connection.execute(f"CREATE ROLE {new_role}".encode())
        connection.execute(limit)
        assert _idle_limit(connection, new_role) == [("idle_in_transaction_session_timeout=60s",)]
        connection.execute(f"ALTER ROLE {new_role} SET idle_in_transaction_session_timeout = '5s'".encode())
        connection.execute(limit)
        assert _idle_limit(connection, new_role) == [("idle_in_transaction_session_timeout=5s",)]


def test_a_role_that_many_databases_limit_at_once_has_one_limit(database_url: str, new_role: str) -> None:
    def limit(_: int) -> None:
        with psycopg.connect(database_url) as connection:
            connection.execute(recipe._LIMIT_IDLE.format(role=new_role).encode())

    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {new_role}".encode())
        with ThreadPoolExecutor(12) as pool:
            list(pool.map(limit, range(12)))
        assert _idle_limit(connection, new_role) == [("idle_in_transaction_session_timeout=60s",)]


def test_who_may_not_alter_the_role_leaves_it(database_url: str, new_role: str) -> None:
    with psycopg.connect(database_url) as connection:
        connection.execute(f"CREATE ROLE {new_role}".encode())
        connection.execute(f"SET ROLE {new_role}".encode())
        connection.execute(recipe._LIMIT_IDLE.format(role=connection.info.user).encode())
        assert _idle_limit(connection, connection.info.user) == []


def test_databases_of_one_server_migrate_at_once(database_server: str) -> None:
    with ExitStack() as stack:
        urls = [stack.enter_context(fresh_database(database_server)) for _ in range(2)]
        running = [
            subprocess.Popen(
                [sys.executable, "-m", "hotelctl.app.migrate"],
                cwd=_ROOT,
                env={**os.environ, "DATABASE_URL": url},
                stderr=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                text=True,
            )
            for url in urls
        ]
        results = [(process.communicate(timeout=30)[1], process.returncode) for process in running]
    assert results == [("", 0)] * 2
