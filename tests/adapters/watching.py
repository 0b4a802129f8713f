"""A real server with a socket, and clients that come to it directly or by way of the tracer."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg

from hotelctl.adapters.tracer import Watched, WireTracer
from hotelctl.facts.migration_trace import Trace, Traced
from tests.databases import fresh_database
from tests.fakes.evidence import FakeEvidence

Step = str | Callable[[psycopg.Connection[Any]], Any]
# Types that somebody made have other numbers in each database.
_FIRST_OWN = 16384
SCHEMA = """
CREATE TYPE mood AS ENUM ('sad', 'glad');
CREATE TABLE rooms (id bigint PRIMARY KEY, name varchar(50), mood mood);
CREATE INDEX rooms_name ON rooms (name);
CREATE TABLE notes (
    id bigint PRIMARY KEY,
    room bigint REFERENCES rooms DEFERRABLE INITIALLY DEFERRED,
    words text
);
CREATE TABLE stays (id bigint, year int) PARTITION BY LIST (year);
CREATE TABLE stays_1 PARTITION OF stays FOR VALUES IN (1);
CREATE TABLE stays_2 PARTITION OF stays FOR VALUES IN (2);
"""


@contextmanager
def filled(server: str) -> Iterator[str]:
    """The owner's URL of a new database with a few empty tables on that server."""
    with fresh_database(server) as url:
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(SCHEMA.encode())
        yield url


@contextmanager
def watched(url: str, place: Path, *, apart: bool = False, rows: int = 20) -> Iterator[Watched]:
    """The database by way of the tracer."""
    with WireTracer(place, FakeEvidence()).watched(url, apart=apart, rows=rows) as found:
        yield found


def traces(url: str, place: Path, *steps: Step, apart: bool = False, rows: int = 20) -> Sequence[Trace]:
    """What is seen while a client does this, outside of a transaction where it begins none."""
    with watched(url, place, apart=apart, rows=rows) as found:
        with psycopg.connect(found.url, autocommit=True) as connection:
            for step in steps:
                _done(connection, step)
        return found.traces()


def seen(url: str, place: Path, *steps: Step, rows: int = 20) -> Traced:
    """What is seen of the last of them."""
    (trace,) = traces(url, place, *steps, rows=rows)
    return trace.statements[-1]


def named(trace: Trace, of: Any) -> dict[str, Any]:  # noqa: ANN401 - numbers of relations and what is said of them
    """The same by the names of relations, without their schema."""
    return {trace.before.name(number).removeprefix("public."): what for number, what in of.items()}


def told(url: str, steps: Sequence[Step]) -> list[object]:
    """All that a client is told when it does this."""
    notices: list[tuple[str | None, str | None]] = []
    found: list[object] = []
    with psycopg.connect(url, autocommit=True) as connection:
        connection.add_notice_handler(lambda one: notices.append((one.sqlstate, one.message_primary)))
        for step in steps:
            try:
                answer = _done(connection, step)
            except psycopg.Error as error:
                answer = (error.sqlstate, error.diag.message_primary, error.diag.message_detail)
            found.append((step, answer, tuple(notices), connection.info.transaction_status.name))
            notices.clear()
    return found


def _done(connection: psycopg.Connection[Any], step: Step) -> object:
    if callable(step):
        return step(connection)
    with connection.cursor() as cursor:
        cursor.execute(step.encode())
        return [_result(one) for one in cursor.results()]


def _result(cursor: psycopg.Cursor[Any]) -> object:
    columns = [(one.name, min(one.type_code, _FIRST_OWN)) for one in cursor.description or ()]
    return columns, cursor.fetchall() if cursor.description else [], cursor.statusmessage
