"""What chores share: an answer, a refusal, a transaction as the owner."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection
from sqlalchemy.engine.interfaces import IsolationLevel

from hotelctl.app.migrate import owner_engine
from hotelctl.app.settings import DatabaseSettings, load

Answer = dict[str, object]


class ChoreError(Exception):
    """A chore that cannot be done; the message is for the person who asked for it."""


class FailedAnswer(Exception):
    """An answer that is printed like any other and means that something is not in order."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("not in order")
        self.answer = answer


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
