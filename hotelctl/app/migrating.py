"""Bringing a database to a revision, as its owner: what `python -m hotelctl.app.migrate` does."""

import argparse
import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from hotelctl.app import logs
from hotelctl.app.domain.failures import EXIT_DEPENDENCY, StartFailure
from hotelctl.app.identity import Identity
from hotelctl.app.logs import Event, log
from hotelctl.app.settings import DatabaseSettings, load
from hotelctl.app.store.engine import driver_url
from hotelctl.app.store.tables import Base

EXIT_FAILED = 1
_LOCK_KEY = 7_201_943_366
_LOCK_WAIT = "30s"
_LOCK_TIMEOUT = "3s"
_STATEMENT_TIMEOUT = "10min"
# Whoever waits for a table keeps all who come later waiting, so each try is short and others come between.
_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0)
_LOCK_NOT_AVAILABLE = "55P03"
_CONCURRENTLY = "CONCURRENTLY"
_CONNECT_TIMEOUT_S = 10


def owner_engine(url: str) -> Engine:
    """An engine for the owner's rare work: one connection at a time, named in pg_stat_activity."""
    arguments = {"application_name": "hotel-assistant migrate", "connect_timeout": _CONNECT_TIMEOUT_S}
    return create_engine(driver_url(url), poolclass=NullPool, connect_args=arguments)


@contextmanager
def _alone(connection: Connection) -> Iterator[None]:
    """No second migration of this database runs meanwhile; the lock dies with the connection."""
    connection.execute(text(f"SET lock_timeout = '{_LOCK_WAIT}'"))
    connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _LOCK_KEY})
    connection.execute(text(f"SET lock_timeout = '{_LOCK_TIMEOUT}'"))
    connection.execute(text(f"SET statement_timeout = '{_STATEMENT_TIMEOUT}'"))
    connection.commit()
    event.listen(connection, "before_cursor_execute", _waits_long)
    event.listen(connection, "after_cursor_execute", _waits_short)
    yield


def _waits_long(_connection: Any, cursor: Any, statement: str, *_more: Any) -> None:  # noqa: ANN401 - any driver's
    """What builds concurrently waits for all older transactions, and keeps nobody waiting meanwhile."""
    if _CONCURRENTLY in statement.upper():
        cursor.execute("SET lock_timeout = 0")


def _waits_short(_connection: Any, cursor: Any, statement: str, *_more: Any) -> None:  # noqa: ANN401 - any driver's
    """What comes after it has its short limit again."""
    if _CONCURRENTLY in statement.upper():
        cursor.execute(f"SET lock_timeout = '{_LOCK_TIMEOUT}'")


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration without a file: the package's own scripts on this connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def current_revision(connection: Connection) -> str | None:
    """The revision that the database stands at; None when none was applied."""
    exists = connection.scalar(text("SELECT to_regclass('public.alembic_version') IS NOT NULL"))
    found = connection.scalar(text("SELECT version_num FROM public.alembic_version")) if exists else None
    connection.commit()
    return str(found) if found is not None else None


def migrate(url: str, revision: str = "head", *, down: bool = False) -> tuple[str | None, str | None]:
    """The revisions before and after; at `revision` already, nothing is written.

    Each revision is one transaction: a failure leaves the database at a whole revision, and a repeat goes on.
    One that waited for a lock in vain is repeated here, when others had their turn.
    """
    engine = owner_engine(url)
    try:
        with engine.connect() as connection, _alone(connection):
            before = current_revision(connection)
            move = command.downgrade if down else command.upgrade
            _patiently(lambda: move(alembic_config(connection), revision), connection)
            return before, current_revision(connection)
    finally:
        engine.dispose()


def _patiently(move: Callable[[], None], connection: Connection) -> None:
    """The move is done. Raises `OperationalError` also where the last try waited for a lock in vain."""
    for pause_s in _PAUSES_S:
        try:
            return move()
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
        connection.rollback()
        time.sleep(pause_s)
    return move()


def differences(url: str) -> tuple[str, ...]:
    """What the models have and the database at `url` has not, or the other way round, one phrase each."""
    engine = owner_engine(url)
    try:
        with engine.connect() as connection:
            options = {"compare_type": True, "compare_server_default": True}
            context = MigrationContext.configure(connection, opts=options)
            return tuple(map(_phrase, compare_metadata(context, Base.metadata)))
    finally:
        engine.dispose()


def _phrase(difference: Any) -> str:  # noqa: ANN401 - Alembic gives a tuple, or a list of one for a change
    kind, *what = difference[0] if isinstance(difference, list) else difference
    return f"{kind} {' '.join(str(part) for part in what if part is not None)}"


def _compare() -> int:
    found = differences(load(DatabaseSettings).database_url.get_secret_value())
    for line in found:
        sys.stderr.write(f"{line}\n")
    return EXIT_FAILED if found else 0


def one_line(error: Exception) -> str:
    """The words of an error, the driver's own if there are any, on one line."""
    cause = getattr(error, "orig", None) or error
    return " ".join(str(cause).split()) or type(error).__name__


def _run(revision: str, *, check: bool, down: bool) -> int:
    try:
        if check:
            return _compare()
        settings = load(DatabaseSettings)
        before, after = migrate(settings.database_url.get_secret_value(), revision, down=down)
    except StartFailure as failure:
        return _failed(failure.exit_code, failure.message)
    except OperationalError as error:
        return _failed(EXIT_DEPENDENCY if error.statement is None else EXIT_FAILED, one_line(error))
    except (SQLAlchemyError, CommandError) as error:
        return _failed(EXIT_FAILED, one_line(error))
    log().info(Event.MIGRATED, msg=f"database is at {after}", revision_before=before, revision=after)
    return 0


def _failed(exit_code: int, reason: str) -> int:
    log().error(Event.MIGRATION_FAILED, msg=reason)
    sys.stderr.write(f"migration failed: {reason}\n")
    return exit_code


def main(argv: Sequence[str] | None = None) -> int:
    """Exit code: 0 done, 1 a revision failed or models differ, 75 no database, 78 no usable DATABASE_URL."""
    parser = argparse.ArgumentParser(prog="python -m hotelctl.app.migrate", description=__doc__)
    parser.add_argument("--revision", default="head", help="upgrade to this revision (default: head)")
    parser.add_argument(
        "--check", action="store_true", help="only compare models and schema; 1 when they differ"
    )
    parser.add_argument(
        "--down",
        action="store_true",
        help="take back everything above --revision; 'base' is before the first",
    )
    arguments = parser.parse_args(argv)
    if arguments.down and arguments.revision == "head":
        parser.error("--down needs the --revision to go back to")
    logs.configure(Identity())
    logging.getLogger("alembic").setLevel(logging.WARNING)
    return _run(arguments.revision, check=arguments.check, down=arguments.down)
