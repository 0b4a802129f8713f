"""A transaction as the owner of the database, for what is done from outside the running service."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import IsolationLevel

from hotelctl.app.migrating import owner_engine
from hotelctl.app.settings import DatabaseSettings, load


@contextmanager
def owner(isolation_level: IsolationLevel = "REPEATABLE READ") -> Iterator[Connection]:
    """A transaction of the owner, whom no policy confines; by itself all that it reads is of one moment."""
    engine = owner_engine(load(DatabaseSettings).database_url.get_secret_value())
    try:
        moment = engine.execution_options(isolation_level=isolation_level)
        with moment.begin() as connection:
            yield connection
    finally:
        engine.dispose()
