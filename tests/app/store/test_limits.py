import asyncio

import pytest
from sqlalchemy import text

from hotelctl.app.services.service import Service
from hotelctl.app.store import limits
from hotelctl.app.store.limits import Limit

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_LIMIT = Limit("bucket", allowed=5, window_s=60)


async def _hit(service: Service, key: str = "k", limit: Limit = _LIMIT) -> int:
    async with service.db.transaction() as session:
        return await limits.hit(session, limit, key)


async def test_of_60_at_once_exactly_5_pass(service: Service) -> None:
    waits = await asyncio.gather(*(_hit(service) for _ in range(60)))
    assert waits.count(0) == 5
    assert all(1 <= wait <= 60 for wait in waits if wait)


async def test_keys_and_buckets_do_not_share_a_window(service: Service) -> None:
    narrow = Limit("narrow", allowed=1, window_s=60)
    assert await _hit(service, "a", narrow) == 0
    assert await _hit(service, "a", narrow) > 0
    assert await _hit(service, "b", narrow) == 0
    assert await _hit(service, "a") == 0


async def test_a_new_window_begins_after_the_old_one(service: Service) -> None:
    narrow = Limit("narrow", allowed=1, window_s=60)
    await _hit(service, "a", narrow)
    assert await _hit(service, "a", narrow) > 0
    async with service.db.transaction() as session:
        await session.execute(text("UPDATE rate_limits SET window_start = now() - interval '61 seconds'"))
    assert await _hit(service, "a", narrow) == 0


async def test_a_refund_gives_one_attempt_back_and_never_more(service: Service) -> None:
    narrow = Limit("narrow", allowed=1, window_s=60)
    await _hit(service, "a", narrow)
    async with service.db.transaction() as session:
        await limits.refund(session, narrow, "a")
        await limits.refund(session, narrow, "a")
    assert await _hit(service, "a", narrow) == 0
    assert await _hit(service, "a", narrow) > 0
