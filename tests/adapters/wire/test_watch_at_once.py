"""What is seen of statements that come at once, are taken back, or end their own transaction."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import psycopg
import pytest

from hotelctl.adapters.wire import patience
from hotelctl.core.errors import Unavailable
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.hazards import hazards
from tests.adapters.watching import traces, watched

pytestmark = pytest.mark.database


def test_statements_that_a_driver_sends_at_once_are_seen_one_by_one(url: str, tmp_path: Path) -> None:
    """A pipeline sends BEGIN and COMMIT along, all by one name."""
    with watched(url, tmp_path) as found:
        with psycopg.connect(found.url) as client, client.pipeline():
            client.execute("ALTER TABLE rooms ALTER name TYPE text")
            client.execute("DROP TABLE notes")
            client.commit()
        (trace,) = found.traces()
    assert [one.sql for one in trace.statements] == [
        "ALTER TABLE rooms ALTER name TYPE text",
        "DROP TABLE notes",
    ]
    assert trace.statements[0].transaction == trace.statements[1].transaction
    (gone,) = [one for one in hazards(trace) if one.kind is HazardKind.DATA_LOSS]
    assert gone.statement == 1
    with psycopg.connect(url) as after:
        assert after.execute("SELECT to_regclass('notes')").fetchone() == (None,), "it was done"


def test_a_refusal_among_statements_that_are_sent_at_once_ends_them(url: str, tmp_path: Path) -> None:
    def refused(client: psycopg.Connection[Any]) -> None:
        with pytest.raises(psycopg.errors.UndefinedTable), client.pipeline():  # noqa: PT012 - both are sent
            client.execute("DROP TABLE nothing")
            client.execute("DROP TABLE notes")

    (trace,) = traces(url, tmp_path, refused)
    assert [one.sql for one in trace.statements] == ["DROP TABLE nothing"]
    with psycopg.connect(url) as after:
        assert after.execute("SELECT to_regclass('notes')").fetchone() == ("notes",)


def test_one_statement_for_many_rows_is_looked_at_some_at_a_time(url: str, tmp_path: Path) -> None:
    def many(client: psycopg.Connection[Any]) -> None:
        client.cursor().executemany("INSERT INTO rooms (id) VALUES (%s)", [(n,) for n in range(1000, 1250)])

    (trace,) = traces(url, tmp_path, many)
    assert {one.sql for one in trace.statements} == {"INSERT INTO rooms (id) VALUES ($1)"}
    assert sum(rows.inserted for one in trace.statements for rows in one.rows.values()) == 250
    assert len(trace.statements) <= 4


def _one_query(client: psycopg.Connection[Any], changes: list[str]) -> None:
    client.execute(";\n".join(changes).encode())


def _one_pipeline(client: psycopg.Connection[Any], _changes: list[str]) -> None:
    change = "UPDATE rooms SET name = 'n' WHERE id = %s"
    client.cursor().executemany(change, [(n,) for n in range(300, 0, -1)])


@pytest.mark.parametrize("send", [_one_query, _one_pipeline])
def test_many_rows_that_are_changed_by_their_key_are_no_backfill_in_any_order(
    send: Callable[[psycopg.Connection[Any], list[str]], None], url: str, tmp_path: Path
) -> None:
    changes = [f"UPDATE rooms SET name = 'n{n}' WHERE id = {n}" for n in range(300, 0, -1)]  # noqa: S608 - numbers
    (trace,) = traces(url, tmp_path, "SET lock_timeout = '3s'", lambda client: send(client, changes))
    assert max(one.together for one in trace.statements) >= 100
    assert sum(rows.updated for one in trace.statements for rows in one.rows.values()) == 20
    assert {one.kind for one in hazards(trace)} == set()


def test_of_rows_that_a_file_lists_the_one_that_is_refused_is_named(url: str, tmp_path: Path) -> None:
    rows = [f"INSERT INTO rooms (id) VALUES ({number})" for number in (1001, 1002, 1003, 1004)]  # noqa: S608 - numbers
    rows[2] = "INSERT INTO rooms (id) VALUES ( 1002)"

    def refused(client: psycopg.Connection[Any]) -> None:
        with pytest.raises(psycopg.errors.UniqueViolation):
            client.execute(";\n".join(rows).encode())

    (trace,) = traces(url, tmp_path, refused)
    (one,) = trace.statements
    assert one.error is not None
    assert (one.sql, one.error.sqlstate) == (rows[2], "23505")


def test_what_is_taken_back_as_far_as_a_savepoint_is_no_loss_and_a_refusal_there_no_end(
    url: str, tmp_path: Path
) -> None:
    def tries(client: psycopg.Connection[Any]) -> None:
        with client.transaction():
            with pytest.raises(ZeroDivisionError), client.transaction():  # noqa: PT012 - taken back
                client.execute("ALTER TABLE rooms ADD more int")
                raise ZeroDivisionError
            with pytest.raises(psycopg.errors.UndefinedTable), client.transaction():
                client.execute("DROP TABLE nothing")
            client.execute("SELECT 1")

    (trace,) = traces(url, tmp_path, tries)
    assert any(one.sql.startswith("ROLLBACK TO") for one in trace.statements)
    assert {one.kind for one in hazards(trace)} <= {HazardKind.CACHED_PLAN, HazardKind.NO_LOCK_TIMEOUT}


def test_a_transaction_that_follows_at_once_is_another_one(url: str, tmp_path: Path) -> None:
    steps = ["BEGIN", "ALTER TABLE rooms ADD more int", "COMMIT AND CHAIN", "UPDATE rooms SET more = 1"]
    (trace,) = traces(url, tmp_path, *steps, "COMMIT")
    assert len({one.transaction for one in trace.statements}) == 2
    assert HazardKind.HELD_LOCK not in {one.kind for one in hazards(trace)}


def test_a_session_does_not_wait_for_what_another_one_has_locked_and_it_does_not_touch(
    url: str, tmp_path: Path
) -> None:
    with watched(url, tmp_path) as found:
        with psycopg.connect(found.url) as first, psycopg.connect(found.url) as second:
            first.execute("ALTER TABLE rooms ADD more int DEFAULT 1")
            second.execute("CREATE TABLE fresh ()")
            second.commit()
            first.execute("SELECT 1")
        (trace,) = found.traces()
    assert len(trace.statements) == 3


@pytest.mark.parametrize(
    ("body", "kinds"),
    [
        ("ALTER TABLE rooms ADD CHECK (id > 0);", {HazardKind.SCAN}),
        ("UPDATE rooms SET name = '';", {HazardKind.BACKFILL}),
        ("DELETE FROM notes;", {HazardKind.BACKFILL, HazardKind.DATA_LOSS}),
        ("LOOP UPDATE rooms SET name = '' WHERE id < 99; COMMIT; EXIT; END LOOP;", set()),
        ("UPDATE rooms SET name = '' WHERE id = 1;", set()),
    ],
)
def test_what_a_block_reads_and_changes_that_ends_its_own_transaction_is_counted(
    body: str, kinds: set[HazardKind], url: str, tmp_path: Path
) -> None:
    block = f"DO $$ BEGIN {body} COMMIT; END $$"
    (trace,) = traces(url, tmp_path, "SET lock_timeout = '3s'", block)
    assert {one.kind for one in hazards(trace)} == kinds


def test_a_procedure_that_commits_changes_its_rows_some_at_a_time(url: str, tmp_path: Path) -> None:
    made = "CREATE PROCEDURE fill() LANGUAGE plpgsql AS $$ BEGIN UPDATE rooms SET name = ''; COMMIT; END $$"
    (trace,) = traces(url, tmp_path, made, "CALL fill()")
    assert hazards(trace) == ()


def test_a_statement_that_was_prepared_without_a_name_is_still_there(url: str, tmp_path: Path) -> None:
    """Each question in between would make the server forget it; drivers behind a pooler prepare like that."""

    def prepares(client: psycopg.Connection[Any]) -> None:
        raw = client.pgconn
        assert raw.prepare(b"", b"DROP TABLE notes").status == psycopg.pq.ExecStatus.COMMAND_OK
        assert raw.exec_prepared(b"", []).status == psycopg.pq.ExecStatus.COMMAND_OK
        raw.prepare(b"", b"VACUUM rooms")
        assert raw.exec_prepared(b"", []).status == psycopg.pq.ExecStatus.COMMAND_OK, (
            "of none in a transaction"
        )

    (trace,) = traces(url, tmp_path, prepares)
    assert [(one.sql, one.error) for one in trace.statements] == [
        ("DROP TABLE notes", None),
        ("VACUUM rooms", None),
    ]


def test_what_another_session_has_taken_away_does_not_come_back(url: str, tmp_path: Path) -> None:
    with watched(url, tmp_path) as found:
        with psycopg.connect(found.url) as first, psycopg.connect(found.url, autocommit=True) as second:
            first.execute("SELECT 1")
            second.execute("ALTER TABLE rooms DROP name")
            first.execute("UPDATE notes SET words = '' WHERE id = 1")
            first.execute("SELECT 1")
        (trace,) = found.traces()
    gone = [one for one in hazards(trace) if one.kind is HazardKind.DATA_LOSS]
    assert [one.statement for one in gone] == [1]


@pytest.mark.parametrize("end", ["rolled back", "failed", "left"])
def test_what_a_transaction_did_that_came_to_nothing_is_no_loss_for_those_behind(
    end: str, url: str, tmp_path: Path
) -> None:
    with watched(url, tmp_path) as found:
        client = psycopg.connect(found.url)
        client.execute("ALTER TABLE rooms ADD more int")
        client.execute("ALTER TABLE notes ALTER id TYPE int")
        if end == "failed":
            with pytest.raises(psycopg.errors.UndefinedTable):
                client.execute("DROP TABLE nothing")
        if end != "left":
            client.rollback()
        client.close()
        with psycopg.connect(url) as other:
            other.execute("LOCK TABLE rooms, notes")
        with psycopg.connect(found.url) as again:
            again.execute("SELECT 1")
        (trace,) = found.traces()
    assert [one for one in hazards(trace) if one.kind is HazardKind.DATA_LOSS] == []
    refused = [one for one in hazards(trace) if one.kind is HazardKind.CANNOT_RUN]
    assert len(refused) == (end == "failed"), "nobody caught it"


def test_what_would_be_looked_at_without_end_is_unknown(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def many(client: psycopg.Connection[Any]) -> None:
        with pytest.raises(psycopg.OperationalError):
            client.execute("SELECT 1; SELECT 2; SELECT 3")

    monkeypatch.setattr(patience, "_MOST_S", 0.0)
    with pytest.raises(
        Unavailable, match=r"^1 statements were watched for 0 s, and those behind them were not"
    ):
        traces(url, tmp_path, many)


def test_what_a_statement_takes_itself_is_no_looking(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "_MOST_S", 1.0)
    slow = "; ".join(["SELECT pg_sleep(0.6)"] * 3)
    (trace,) = traces(url, tmp_path, lambda client: client.execute(slow.encode()))
    assert len(trace.statements) == 3
