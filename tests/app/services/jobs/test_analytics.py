from datetime import UTC, datetime, timedelta, tzinfo
from typing import Self

import httpx
import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.periods import PeriodKind, period_at, zone
from hotelctl.app.services.jobs import analytics, runner
from hotelctl.app.services.jobs.registry import BY_NAME
from hotelctl.app.services.service import Service
from tests.app import callers
from tests.app.people import HOTEL_A, HOTEL_B, add_user
from tests.app.rows import fill
from tests.app.work import add, order

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_OLD = {
    "day": datetime(2021, 3, 3, tzinfo=UTC),
    "week": datetime(2021, 3, 1, tzinfo=UTC),
    "month": datetime(2021, 3, 1, tzinfo=UTC),
}


@pytest.fixture(params=[0, 86_399.999999], ids=["at midnight", "before midnight"], autouse=True)
def now(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> datetime:
    """The moment that it is for the job, an edge of yesterday by UTC, however long the test takes."""
    yesterday = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=1)
    moment = yesterday + timedelta(seconds=request.param)

    class Stopped(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return cls.fromtimestamp(moment.timestamp(), tz)

    monkeypatch.setattr(analytics, "datetime", Stopped)
    return moment


async def test_figures_are_counted_once_for_each_period_and_again_when_more_happens(
    client: httpx.AsyncClient, service: Service, hotels: str, now: datetime
) -> None:
    clock = zone("Pacific/Auckland")
    yesterday = period_at(PeriodKind.DAY, now, clock).start - timedelta(hours=1)
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
    add(hotels, "tickets", number=1, title="Tap leaks", source="MANUAL", created_at=now)
    for _ in range(2):
        assert (await runner.run(service.db, BY_NAME["analytics"]))["hotels"] == 2
    days = (await client.get("/api/analytics", headers=manager)).json()
    assert [(day["ai_calls"], day["ai_failed"], day["tokens"], day["tickets"]) for day in days["items"]] == [
        (3, 1, 21, 0),
        (0, 0, 0, 1),
    ]
    first, today = days["items"]
    assert (first["p50_ms"], first["p95_ms"], today["p50_ms"]) == (20, 83, None)
    assert first["by_model"] == {"guest-messaging": {"calls": 3, "failed": 1, "tokens": 21, "p95_ms": 83}}
    assert days["hint"] is None
    order(hotels, "Mend the tap", created_at=now)
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


async def test_scans_that_were_refused_are_none(
    client: httpx.AsyncClient, service: Service, hotels: str, now: datetime
) -> None:
    for user, outcome in ((None, "success"), (None, "refused"), (uuid7(), "success"), (None, "refused")):
        add(hotels, "user_session_logs", event="qr_scan", user_id=user, outcome=outcome, created_at=now)
    await runner.run(service.db, BY_NAME["analytics"])
    [day] = (await client.get("/api/analytics", headers=await callers.page(service))).json()["items"]
    assert (day["scans_guest"], day["scans_staff"]) == (1, 1)


async def test_what_staff_asks_is_in_no_figure_of_guests_and_makes_no_period_one_that_was_missed(
    client: httpx.AsyncClient, service: Service, hotels: str, now: datetime
) -> None:
    manager = await callers.page(service)
    for channel, at in (("staff_web", now - timedelta(days=3)), ("staff_web", now), ("guest_web", now)):
        _talk(hotels, channel, at)
    assert "periods_made_up_for" not in await runner.run(service.db, BY_NAME["analytics"])
    [day] = (await client.get("/api/analytics", headers=manager)).json()["items"]
    assert (day["conversations"], day["messages"], day["handoffs"]) == (1, 1, 1)


def _talk(url: str, channel: str, at: datetime) -> None:
    """One message in a conversation that was passed on at once."""
    when = {"created_at": at, "handed_off_at": at}
    talk = add(url, "conversations", channel=channel, last_seq=1, **when)
    said = {"seq": 1, "role": "guest", "content": "x", "created_at": at}
    add(url, "messages", conversation_id=talk, **said)


async def test_days_that_no_job_saw_to_their_end_are_counted_later_as_long_as_all_their_rows_are_kept(
    client: httpx.AsyncClient, service: Service, hotels: str, now: datetime
) -> None:
    clock = zone("Pacific/Auckland")
    today = period_at(PeriodKind.DAY, now, clock).start
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET timezone = 'Pacific/Auckland'")
    for number, days in enumerate((3, 3, 10, 29, 31, 60)):
        at = today - timedelta(days=days, hours=-7)
        add(hotels, "tickets", number=number + 1, title="Matter", source="MANUAL", created_at=at)
    # The third day before today was counted when half of it was over.
    half = period_at(PeriodKind.DAY, today - timedelta(days=3, hours=-7), clock).start
    add(hotels, "ai_analytics_summaries", period="day", period_start=half, tickets=1)
    with psycopg.connect(hotels) as connection:
        connection.execute("ALTER TABLE ai_analytics_summaries DISABLE TRIGGER USER")
        connection.execute("UPDATE ai_analytics_summaries SET updated_at = %s", [half + timedelta(hours=12)])
        connection.execute("ALTER TABLE ai_analytics_summaries ENABLE TRIGGER USER")
    for _ in range(2):
        await runner.run(service.db, BY_NAME["analytics"])
        since = (today - timedelta(days=80)).strftime("%Y-%m-%dT%H:%M:%SZ")
        found = {}
        for period in ("hour", "day", "week", "month"):
            url = f"/api/analytics?period={period}&from={since}"
            rows = (await client.get(url, headers=await callers.page(service))).json()["items"]
            found[period] = [row["tickets"] for row in rows]
        assert found["day"] == found["hour"] == [1, 1, 2]
        assert (sum(found["week"]), sum(found["month"])) == (4, 4)


async def test_another_time_zone_counts_what_is_kept_anew_and_nothing_twice(
    client: httpx.AsyncClient, service: Service, hotels: str, now: datetime
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", "admin")
    admin = await callers.page(service, "admin@alpha.example")
    for number, days in enumerate((0, 1, 4, 9, 20, 27)):
        at = now - timedelta(days=days)
        add(hotels, "tickets", number=number + 1, title="Matter", source="MANUAL", created_at=at)
    # Counted long ago, from rows that are gone.
    for period, at in _OLD.items():
        add(hotels, "ai_analytics_summaries", period=period, period_start=at, tickets=5)
    await runner.run(service.db, BY_NAME["analytics"])
    for name in ("Pacific/Auckland", "America/New_York", "UTC"):
        answer = await client.patch("/api/settings", json={"timezone": name}, headers=admin)
        assert answer.status_code == 200
        for _ in range(2):
            await runner.run(service.db, BY_NAME["analytics"])
        for period, old in _OLD.items():
            url = f"/api/analytics?period={period}&from=2020-01-01T00:00:00Z"
            rows = (await client.get(url, headers=admin)).json()["items"]
            assert sum(row["tickets"] for row in rows) == 6 + 5, (name, period)
            starts = [datetime.fromisoformat(row["period_start"]) for row in rows]
            assert starts.pop(0) == old
            assert starts == [period_at(PeriodKind(period), start, zone(name)).start for start in starts]


@pytest.mark.parametrize("name", ["Pacific/Auckland", "America/New_York"])
async def test_where_what_is_kept_ends_no_ticket_is_counted_by_both_clocks(
    name: str, client: httpx.AsyncClient, service: Service, hotels: str, now: datetime
) -> None:
    with psycopg.connect(hotels) as connection:
        add_user(connection, HOTEL_A, "admin@alpha.example", "admin")
    admin = await callers.page(service, "admin@alpha.example")
    for number in range(24):
        at = now - timedelta(days=28, hours=2 * number)
        add(hotels, "tickets", number=number + 1, title="Matter", source="MANUAL", created_at=at)
    found: dict[str, list[int]] = {"day": [], "week": [], "month": []}
    for clock in ("UTC", name):
        await client.patch("/api/settings", json={"timezone": clock}, headers=admin)
        await runner.run(service.db, BY_NAME["analytics"])
        for period, sums in found.items():
            url = f"/api/analytics?period={period}&from=2020-01-01T00:00:00Z"
            rows = (await client.get(url, headers=admin)).json()["items"]
            sums.append(sum(row["tickets"] for row in rows))
    # All hours of the first whole day by the new clock on, and none of them again by the former one.
    oldest = period_at(PeriodKind.DAY, now - timedelta(days=30), zone(name)).end
    kept = sum(now - timedelta(days=28, hours=2 * number) >= oldest for number in range(24))
    assert {period: sums[1] for period, sums in found.items()} == dict.fromkeys(found, kept)
    assert kept >= 1


async def test_what_was_counted_to_its_end_is_not_counted_again(
    service: Service, hotels: str, now: datetime
) -> None:
    at = now - timedelta(days=5)
    add(hotels, "tickets", number=1, title="Matter", source="MANUAL", created_at=at)
    assert await runner.run(service.db, BY_NAME["analytics"]) == {"hotels": 2, "periods_made_up_for": 2}
    assert await runner.run(service.db, BY_NAME["analytics"]) == {"hotels": 2}
