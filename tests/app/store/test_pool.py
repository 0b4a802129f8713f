import asyncio

import pytest

from hotelctl.app.store.engine import Database
from hotelctl.app.store.health import server_version

pytestmark = [pytest.mark.database, pytest.mark.anyio]


async def test_who_waits_for_a_connection_is_counted_and_nobody_else(app_url: str) -> None:
    """Not one connection more is opened for a burst."""
    enough = 2
    db = Database(app_url, pool_size=enough, instance_id="t")
    go_on = asyncio.Event()

    async def hold() -> None:
        async with db.transaction() as session:
            await server_version(session)
            await go_on.wait()

    holding = [asyncio.create_task(hold()) for _ in range(enough + 2)]
    while db.pool_use()["waiting"] < 2:  # noqa: ASYNC110 - nothing tells of one that waits
        await asyncio.sleep(0.01)
    assert db.pool_use() == {"size": enough, "checked_out": enough, "overflow": 0, "waiting": 2}
    go_on.set()
    await asyncio.gather(*holding)
    assert db.pool_use()["waiting"] == 0
    await db.close()
