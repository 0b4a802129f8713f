"""A database at the newest revision, which the workers of one run share: to migrate one takes seconds."""

import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID
from hotelctl.app.migrating import migrate
from tests.databases import create, drop

_MAKING, _USING = 1, 2


@contextmanager
def shared_template(server_url: str, run: str) -> Iterator[str]:
    """Name of the migrated database of the test run `run`: the first makes it, the last drops it."""
    name = f"template_{run}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s, hashtext(%s))", (_MAKING, name))
        connection.execute("SELECT pg_advisory_lock_shared(%s, hashtext(%s))", (_USING, name))
        try:
            _make_once(connection, server_url, name)
            connection.execute("SELECT pg_advisory_unlock(%s, hashtext(%s))", (_MAKING, name))
            yield name
        finally:
            connection.execute("SELECT pg_advisory_unlock_shared(%s, hashtext(%s))", (_USING, name))
            if _answer(connection, "SELECT pg_try_advisory_lock(%s, hashtext(%s))", (_USING, name)):
                drop(connection, name)


def _make_once(connection: psycopg.Connection, server_url: str, name: str) -> None:
    if _answer(connection, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = %s)", (name,)):
        return
    create(connection, name)
    try:
        migrate(make_url(server_url).set(database=name).render_as_string(hide_password=False))
    except BaseException:
        drop(connection, name)
        raise


def _answer(connection: psycopg.Connection, statement: sql.SQL | str, values: tuple[object, ...]) -> bool:
    row = connection.execute(statement, values).fetchone()
    return bool(row and row[0])


@contextmanager
def login_like_the_service(server_url: str) -> Iterator[tuple[str, str]]:
    """Name and password of a role with the rights of the service's; gone afterwards."""
    name, password = f"test_{secrets.token_hex(8)}", secrets.token_hex(16)
    role = sql.Identifier(name)
    with psycopg.connect(server_url, autocommit=True) as connection:
        statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE hotel_app")
        connection.execute(statement.format(role, sql.Literal(password)))
        yield name, password
        connection.execute(sql.SQL("DROP ROLE {}").format(role))


def make_like_new(connection: psycopg.Connection, compat_rows: Sequence[tuple[Any, ...]]) -> None:
    """The rows of a database that was just migrated, whose schema_compat has `compat_rows`."""
    with connection.pipeline(), connection.transaction():
        for table in ("hotels", "rate_limits", "schema_compat", "stripe_events"):
            connection.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
        connection.execute(
            "INSERT INTO hotels (id, name, slug, is_synthetic) VALUES (%s, %s, %s, true)",
            (SYNTHETIC_HOTEL_ID, "Synthetic hotel", "__synthetic__"),
        )
        connection.cursor().executemany("INSERT INTO schema_compat VALUES (%s, %s, %s, %s, %s)", compat_rows)
