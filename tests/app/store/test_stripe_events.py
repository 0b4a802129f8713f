import asyncio

import psycopg
import pytest

from hotelctl.app.store import stripe_events
from hotelctl.app.store.engine import Database

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_of_ten_at_once_one_is_the_first(app_url: str) -> None:
    db = Database(app_url, pool_size=10, instance_id="t")

    async def take() -> bool:
        async with db.transaction() as session:
            return await stripe_events.take(session, "evt_1", "ping", livemode=False)

    assert sum(await asyncio.gather(*(take() for _ in range(10)))) == 1
    await db.close()


async def test_old_events_are_forgotten(app_url: str, owner_url: str) -> None:
    with psycopg.connect(owner_url) as connection:
        connection.execute(
            "INSERT INTO stripe_events (id, type, livemode, received_at) VALUES"
            " ('old', 'x', true, now() - interval '31 days'),"
            " ('young', 'x', true, now() - interval '29 days')"
        )
    db = Database(app_url, pool_size=1, instance_id="t")
    async with db.transaction() as session:
        await stripe_events.take(session, "new", "x", livemode=True)
    await db.close()
    with psycopg.connect(owner_url) as connection:
        found = connection.execute("SELECT id FROM stripe_events ORDER BY id").fetchall()
    assert found == [("new",), ("young",)]
