from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.periods import PeriodKind, period_at, zone
from hotelctl.app.services.jobs import runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import HOTEL_A, HOTEL_B
from tests.app.rows import fill

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_figures_are_counted_once_for_each_period_and_again_when_more_happens(
    client: httpx.AsyncClient, service: Service, hotels: str
) -> None:
    clock = zone("Pacific/Auckland")
    yesterday = period_at(PeriodKind.DAY, datetime.now(UTC), clock).start - timedelta(hours=1)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET timezone = 'Pacific/Auckland'")
        fill(connection, HOTEL_B)
        for latency, status in ((10, "success"), (20, "success"), (90, "failed")):
            connection.execute(
                "INSERT INTO ai_interaction_logs"
                " (id, hotel_id, model_key, provider, status, latency_ms, tokens_in, tokens_out, created_at)"
                " VALUES (%s, %s, 'guest-messaging', 'local', %s, %s, 3, 4, %s)",
                (uuid7(), HOTEL_A, status, latency, yesterday),
            )
    manager = await callers.page(service)
    await client.post("/api/tickets", json={"title": "Tap leaks"}, headers=manager)
    for _ in range(2):
        assert await runner.run(service.db, BY_NAME["analytics"]) == {"hotels": 2}
    days = (await client.get("/api/analytics", headers=manager)).json()
    assert [(day["ai_calls"], day["ai_failed"], day["tokens"], day["tickets"]) for day in days["items"]] == [
        (3, 1, 21, 0),
        (0, 0, 0, 1),
    ]
    first, today = days["items"]
    assert (first["p50_ms"], first["p95_ms"], today["p50_ms"]) == (20, 83, None)
    assert first["by_model"] == {"guest-messaging": {"calls": 3, "failed": 1, "tokens": 21, "p95_ms": 83}}
    assert days["hint"] is None
    order = {"kind": "maintenance", "title": "Mend the tap"}
    await client.post("/api/work-orders", json=order, headers=manager)
    await runner.run(service.db, BY_NAME["analytics"])
    days = (await client.get("/api/analytics", headers=manager)).json()["items"]
    assert [(day["tickets"], day["work_orders"]) for day in days] == [(0, 0), (1, 1)]
    for period in ("week", "month"):
        rows = (await client.get(f"/api/analytics?period={period}", headers=manager)).json()["items"]
        assert sum(row["ai_calls"] for row in rows) == 3
        assert sum(row["tickets"] for row in rows) == 1
    since = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert (await client.get(f"/api/analytics?from={since}", headers=manager)).json()["items"] == []
    assert (await client.get("/api/analytics?period=year", headers=manager)).status_code == 422
