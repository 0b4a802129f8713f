import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_runs_whose_process_died_are_failed_and_old_answers_are_gone(
    service: Service, hotels: str
) -> None:
    with psycopg.connect(hotels) as connection:
        for minutes in (14, 16):
            connection.execute(
                "INSERT INTO workflow_executions (id, hotel_id, workflow, started_at)"
                " VALUES (%s, %s, 'qr_scan', now() - make_interval(mins => %s))",
                (uuid7(), HOTEL_A, minutes),
            )
        for key, hours in (("old", -1), ("new", 1)):
            connection.execute(
                "INSERT INTO idempotency_keys (hotel_id, key, route, request_sha256, expires_at)"
                " VALUES (%s, %s, 'r', %s, now() + make_interval(hours => %s))",
                (HOTEL_A, key, b"0" * 32, hours),
            )
    counts = await runner.run(service.db, BY_NAME["sweep"])
    assert counts == {"hotels": 3, "runs_crashed": 1, "repeats_ended": 1}
    with psycopg.connect(hotels) as connection:
        runs = connection.execute(
            "SELECT status, errors, finished_at IS NULL FROM workflow_executions ORDER BY started_at"
        ).fetchall()
        keys = connection.execute("SELECT key FROM idempotency_keys").fetchall()
    assert runs == [("failed", {"code": "crashed"}, False), ("running", None, True)]
    assert keys == [("new",)]


async def test_what_was_counted_more_than_a_day_ago_is_gone(service: Service, hotels: str) -> None:
    with psycopg.connect(hotels) as connection:
        for key, hours in (("old", 25), ("new", 23)):
            connection.execute(
                "INSERT INTO rate_limits (bucket, key, window_start, hits)"
                " VALUES ('login_ip', %s, now() - make_interval(hours => %s), 1)",
                (key, hours),
            )
    await runner.run(service.db, BY_NAME["sweep"])
    with psycopg.connect(hotels) as connection:
        assert connection.execute("SELECT key FROM rate_limits").fetchall() == [("new",)]
