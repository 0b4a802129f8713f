from collections import Counter
from typing import Any

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import SYNTHETIC_HOTEL_ID, uuid7
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import HOTEL_A, HOTEL_B, PASSWORD
from tests.app.rows import fill, tenant_tables

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_JOB = BY_NAME["retention"]


def _conversation(connection: psycopg.Connection, days: int, *, stay: bool = True) -> None:
    ended = "now() - make_interval(days => %s)"
    connection.execute(
        f"INSERT INTO conversations (id, hotel_id, channel, {'stay_ends_at' if stay else 'last_message_at'})"  # noqa: S608 - one of two columns
        f" VALUES (%s, %s, 'guest_web', {ended})",
        (uuid7(), HOTEL_A, days),
    )


def _one(connection: psycopg.Connection, statement: str) -> Any:  # noqa: ANN401 - a column's value
    row = connection.execute(statement.encode()).fetchone()
    assert row
    return row[0]


def _age(connection: psycopg.Connection, table: str, days: int, *columns: str) -> None:
    connection.execute("SET session_replication_role = replica")
    for column in columns:
        connection.execute(
            f"UPDATE {table} SET {column} = now() - make_interval(days => %s)".encode(),  # noqa: S608 - the test's own words
            (days,),
        )
    connection.execute("SET session_replication_role = origin")


async def test_what_was_kept_long_enough_goes_and_the_trail_counts_it(service: Service, hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        fill(connection, HOTEL_A)
        for days in (29, 31):
            _conversation(connection, days)
            _conversation(connection, days, stay=False)
        connection.execute("UPDATE user_session_logs SET ip = '203.0.113.77', ua = 'browser'")
        connection.execute("UPDATE ai_interaction_logs SET payload = '{\"a\": 1}'")
        connection.execute("DELETE FROM audit_events")
        _age(connection, "user_session_logs", 8, "created_at")
        _age(connection, "ai_interaction_logs", 31, "created_at")
        _age(connection, "guest_staff_qr_tokens", 91, "expires_at")
        _age(connection, "sessions", 91, "absolute_expires_at")
        _age(connection, "tickets", 31, "deleted_at")
    assert (await runner.run(service.db, _JOB))["hotels"] == 2
    with psycopg.connect(hotels) as connection:
        counts = _one(
            connection,
            "SELECT after FROM audit_events WHERE after <> '{}' ORDER BY after->'conversations' DESC",
        )
        kept = _one(connection, "SELECT count(*) FROM conversations WHERE channel = 'guest_web'")
        log = connection.execute("SELECT host(ip), ua FROM user_session_logs").fetchone()
        payload = _one(connection, "SELECT payload FROM ai_interaction_logs")
    assert counts == {
        "conversations": 2,
        "ai_payloads": 1,
        "addresses": 1,
        "session_logs": 0,
        "deleted_rows": 1,
        "qr_codes": 1,
        "sessions": 1,
        "one_time_links": 0,
        "workflow_runs": 0,
        "mails": 0,
        "repeats": 0,
    }
    # One that `fill` made a moment ago, and those of the 29th day.
    assert kept == 3
    assert (log, payload) == (("203.0.113.0", None), None)
    assert await runner.run(service.db, _JOB) == {"hotels": 2}


async def test_of_a_log_in_the_session_keeps_the_network_only_also_when_it_goes_on(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    who = {"email": "manager@alpha.example", "password": PASSWORD}
    tokens = (await client.post("/api/auth/login", json=who)).json()

    async def renew() -> None:
        given = {"refresh_token": tokens["refresh_token"]}
        answer = await client.post("/api/auth/refresh", json=given)
        assert answer.status_code == 200, answer.text
        tokens.update(answer.json())

    for hotel_id, email in ((HOTEL_A, "staff@alpha.example"), (HOTEL_B, "staff@beta.example")):
        await callers.page(service, email, hotel_id)
    with psycopg.connect(hotels) as connection:
        _age(connection, "sessions", 8, "created_at")
        connection.execute("UPDATE sessions SET ip = '2001:db8:1:2::3' WHERE hotel_id = %s", (HOTEL_B,))
    await renew()
    await callers.guest(service)
    await runner.run(service.db, _JOB)
    await renew()
    with psycopg.connect(hotels) as connection:
        found = Counter(connection.execute("SELECT text(ip), ua FROM sessions").fetchall())
        counts = connection.execute(
            "SELECT after ->> 'addresses' FROM audit_events WHERE action = 'retention.run'"
        )
        assert sorted(row[0] for row in counts) == ["1", "3"]
    today = ("203.0.113.9/32", "test")
    assert found == {("203.0.113.0/24", None): 4, ("2001:db8:1::/48", None): 1, today: 1}


async def test_to_whom_a_mail_went_is_forgotten_and_one_that_waits_is_kept(
    service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for status, days in (("sent", 91), ("failed", 91), ("sent", 89), ("pending", 91)):
            text = "x" if status == "pending" else None
            connection.execute(
                "INSERT INTO outbox (id, hotel_id, kind, recipient, status, subject, body, updated_at)"
                " VALUES (%s, %s, 'invitation', 'a@b.example', %s, %s, %s,"
                " now() - make_interval(days => %s))",
                (uuid7(), HOTEL_A, status, text, text, days),
            )
    await runner.run(service.db, _JOB)
    with psycopg.connect(hotels) as connection:
        left = connection.execute("SELECT status FROM outbox ORDER BY 1").fetchall()
        assert left == [("pending",), ("sent",)]
        assert _one(connection, "SELECT max((after ->> 'mails')::int) FROM audit_events") == 2


async def test_old_links_runs_and_log_entries_go_and_younger_ones_stay(service: Service, hotels: str) -> None:
    ended = {
        "one_time_links": ("verification_tokens", "expires_at"),
        "workflow_runs": ("workflow_executions", "finished_at"),
        "session_logs": ("user_session_logs", "created_at"),
    }
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        for table, column in ended.values():
            _age(connection, table, 89, column)
        connection.execute("SET session_replication_role = replica")
        for table, column in ended.values():
            older = f"UPDATE {table} SET {column} = now() - interval '91 days' WHERE hotel_id = %s"  # noqa: S608 - the test's own words
            connection.execute(older.encode(), (HOTEL_A,))
        connection.execute("SET session_replication_role = origin")
    await runner.run(service.db, _JOB)
    with psycopg.connect(hotels) as connection:
        for name, (table, _) in ended.items():
            assert _one(connection, f"SELECT max((after->>'{name}')::int) FROM audit_events") == 1, name  # noqa: S608 - same
            left = connection.execute(f"SELECT hotel_id FROM {table}".encode()).fetchall()  # noqa: S608 - same
            assert left == [(HOTEL_B,)], table


async def test_a_hotels_own_time_holds_for_it_alone(service: Service, hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        connection.execute(
            'UPDATE hotels SET settings = \'{"retention_days": {"session_logs": 7}}\' WHERE id = %s',
            (HOTEL_A,),
        )
        _age(connection, "user_session_logs", 8, "created_at")
    await runner.run(service.db, _JOB)
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT hotel_id FROM user_session_logs").fetchall() == [(HOTEL_B,)]
        _age(connection, "audit_events", 1, "created_at")
        connection.execute('UPDATE hotels SET settings = \'{"retention_days": {"session_logs": 7}}\'')
    await runner.run(service.db, _JOB)
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT hotel_id FROM user_session_logs").fetchall() == []


async def test_a_hotel_is_gone_with_all_its_rows_a_month_after_it_was_deleted(
    service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for hotel_id in (HOTEL_A, HOTEL_B):
            fill(connection, hotel_id)
        for hotel_id, days in ((HOTEL_A, 31), (HOTEL_B, 29), (SYNTHETIC_HOTEL_ID, 31)):
            connection.execute(
                "UPDATE hotels SET deleted_at = now() - make_interval(days => %s) WHERE id = %s",
                (days, hotel_id),
            )
    assert await runner.run(service.db, _JOB) == {"hotels": 0, "hotels_ended": 1}
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT id FROM hotels ORDER BY id").fetchall() == [
            (SYNTHETIC_HOTEL_ID,),
            (HOTEL_B,),
        ]
        for table in tenant_tables():
            statement = f"SELECT DISTINCT hotel_id FROM {table.name}"  # noqa: S608 - a table's name
            assert connection.execute(statement.encode()).fetchall() == [(HOTEL_B,)]
    assert await runner.run(service.db, _JOB) == {"hotels": 0}
