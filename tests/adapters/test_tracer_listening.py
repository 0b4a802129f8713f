"""What is said on a way that is listened to, by clients of every manner, and what stands in the evidence."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.tracer import Recorded, WireTracer
from hotelctl.core.errors import Unavailable
from hotelctl.facts.implied_statements import Implied
from hotelctl.facts.old_code import Spoken
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.database
Client = psycopg.Connection[Any]
GONE = ("42703", 'column "nothing" does not exist')


@pytest.fixture
def tracer(tmp_path: Path, evidence: FakeEvidence) -> WireTracer:
    return WireTracer(tmp_path, evidence)


@contextmanager
def heard(tracer: WireTracer, url: str) -> Iterator[tuple[Client, Recorded]]:
    """A client by way of the listener, each of whose statements is its own transaction."""
    with (
        tracer.recorded(url) as recorded,
        psycopg.connect(recorded.url, autocommit=True) as client,
    ):
        yield client, recorded


def refused(client: Client, sql: str, *parameters: object, prepare: bool = False) -> None:
    """The statement fails."""
    with pytest.raises(psycopg.Error):
        client.execute(sql.encode(), parameters or None, prepare=prepare)


def test_the_simple_protocol_is_heard(tracer: WireTracer, database_url: str) -> None:
    with heard(tracer, database_url) as (client, recorded):
        client.execute("CREATE TABLE rooms (id int)")
        client.pgconn.exec_(b"SELECT id FROM rooms; SELECT 2")
        refused(client, "SELECT nothing FROM rooms")
        assert recorded.said() == (
            Spoken("CREATE TABLE rooms (id int)"),
            Spoken("SELECT id FROM rooms; SELECT 2"),
            Spoken("SELECT nothing FROM rooms", *GONE),
        )


def test_the_extended_protocol_is_heard(tracer: WireTracer, database_url: str) -> None:
    with heard(tracer, database_url) as (client, recorded):
        assert client.execute("SELECT %s::int + 1", (1,)).fetchone() == (2,)
        refused(client, "SELECT nothing FROM (SELECT %s::int) t", 1)
        assert recorded.said() == (
            Spoken("SELECT $1::int + 1"),
            Spoken("SELECT nothing FROM (SELECT $1::int) t", *GONE),
        )


def test_a_prepared_statement_is_heard_each_time_that_it_runs(tracer: WireTracer, database_url: str) -> None:
    ask = "SELECT id FROM rooms WHERE id = %s"
    with heard(tracer, database_url) as (client, recorded):
        client.execute("CREATE TABLE rooms (id int)")
        for number in range(2):
            client.execute(ask, (number,), prepare=True)
        client.execute("ALTER TABLE rooms DROP COLUMN id")
        refused(client, ask, 3, prepare=True)
        said = [one for one in recorded.said() if one.sql.startswith("SELECT")]
        assert said == [
            Spoken("SELECT id FROM rooms WHERE id = $1"),
            Spoken("SELECT id FROM rooms WHERE id = $1"),
            Spoken("SELECT id FROM rooms WHERE id = $1", "42703", 'column "id" does not exist'),
        ]


def test_what_is_refused_before_it_is_run_is_heard(tracer: WireTracer, database_url: str) -> None:
    with heard(tracer, database_url) as (client, recorded):
        client.pgconn.prepare(b"good", b"SELECT 1")
        client.pgconn.prepare(b"bad", b"SELECT nothing FROM (SELECT 1) t")
        assert recorded.said() == (Spoken("SELECT nothing FROM (SELECT 1) t", *GONE),)


def test_a_transaction_is_the_client_s_own(tracer: WireTracer, database_url: str) -> None:
    with (
        tracer.recorded(database_url) as recorded,
        psycopg.connect(recorded.url) as client,
    ):
        client.execute("CREATE TABLE rooms (id int)")
        refused(client, "SELECT nothing FROM rooms")
        refused(client, "SELECT 1")
        client.rollback()
        assert client.execute("SELECT to_regclass('rooms')").fetchone() == (None,)
        codes = [one.sqlstate for one in recorded.said()]
        assert codes == ["", "", "42703", "25P02", "", "", ""]


def test_several_clients_are_one_record_and_nothing_of_them_is_held_up(
    tracer: WireTracer, database_url: str
) -> None:
    with tracer.recorded(database_url) as recorded:
        with psycopg.connect(recorded.url) as one, psycopg.connect(recorded.url) as other:
            one.execute("CREATE TABLE rooms (id int)")
            one.commit()
            other.execute("LOCK TABLE rooms")
            with suppress(psycopg.errors.LockNotAvailable):
                one.execute("LOCK TABLE rooms NOWAIT")
        assert [one.sqlstate for one in recorded.said() if "LOCK" in one.sql] == ["", "55P03"]


def test_the_numbers_and_no_statement_stand_in_the_evidence(
    tracer: WireTracer, database_url: str, evidence: FakeEvidence
) -> None:
    with heard(tracer, database_url) as (client, _):
        client.execute("SELECT 'hunter2'")
        refused(client, "SELECT nothing")
    (record,) = evidence.of("listen")
    assert (record["statements"], record["refused"]) == (2, 1)
    assert "hunter2" not in repr((evidence.records, evidence.outputs))


def test_what_was_tried_stands_in_the_evidence(
    tracer: WireTracer, database_url: str, evidence: FakeEvidence
) -> None:
    statements = [Implied(sql, "SELECT", "t") for sql in ("SELECT 1", "SELECT nothing")]
    assert [one.sqlstate for one in tracer.tried(database_url, statements, None)] == ["", "42703"]
    (record,) = evidence.of("try")
    assert (record["statements"], record["refused"], record["role"]) == (2, 1, "")


def test_a_server_that_does_not_answer_lets_nobody_in(tracer: WireTracer) -> None:
    with (
        tracer.recorded("postgresql://u@127.0.0.1:1/d") as recorded,
        pytest.raises(psycopg.OperationalError),
    ):
        psycopg.connect(recorded.url)
    with pytest.raises(Unavailable):
        tracer.tried("postgresql://u@127.0.0.1:1/d", [], None)
