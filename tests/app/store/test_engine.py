import asyncio
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import DBAPIError, PendingRollbackError

from hotelctl.app.logs import RequestRecord, current_request
from hotelctl.app.store import engine
from hotelctl.app.store.engine import Database, begin_in, driver_url
from hotelctl.app.store.tables import User
from tests.app.people import HOTEL_A, HOTEL_B


def test_both_schemes_mean_the_one_driver() -> None:
    for url in ("postgresql://u:p@h/d", "postgresql+psycopg://u:p@h/d"):
        assert driver_url(url).render_as_string(hide_password=False) == "postgresql+psycopg://u:p@h/d"


async def _hotels_seen(db: Database, hotel_id: UUID | None) -> set[UUID]:
    async with db.transaction(hotel_id) as session:
        return set(await session.scalars(select(User.hotel_id)))


@pytest.mark.database
@pytest.mark.anyio
async def test_one_connection_never_mixes_hotels(app_url: str, hotels: str) -> None:
    assert hotels
    db = Database(app_url, pool_size=1, instance_id="t")
    wanted = [HOTEL_A, None, HOTEL_B] * 10
    seen = await asyncio.gather(*(_hotels_seen(db, hotel_id) for hotel_id in wanted))
    await db.close()
    assert seen == [{hotel_id} if hotel_id else set() for hotel_id in wanted]


@pytest.mark.database
@pytest.mark.anyio
async def test_an_error_takes_the_transaction_back(app_url: str, hotels: str) -> None:
    assert hotels
    db = Database(app_url, pool_size=1, instance_id="t")

    async def delete_and_fail() -> None:
        async with db.transaction(HOTEL_A) as session:
            await session.execute(text("DELETE FROM users"))
            await session.execute(text("SELECT 1/0"))

    with pytest.raises(DBAPIError):
        await delete_and_fail()
    async with db.transaction(HOTEL_A) as session:
        assert await session.scalar(select(func.count()).select_from(User)) == 2
    await db.close()


@pytest.mark.database
@pytest.mark.anyio
async def test_without_its_hotel_no_transaction_goes_on(
    app_url: str, hotels: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each statement would stand for itself, and none could be taken back."""
    assert hotels
    db = Database(app_url, pool_size=1, instance_id="t")
    with monkeypatch.context() as patch:
        patch.setattr(engine, "begin_in", lambda _: "SELECT 1/0")
        async with db.transaction(HOTEL_A) as broken:
            with pytest.raises(DBAPIError):
                await broken.execute(text("SELECT 1"))
            with pytest.raises(PendingRollbackError):
                await broken.execute(text("SELECT 2"))
            await broken.rollback()
    assert await _hotels_seen(db, HOTEL_A) == {HOTEL_A}
    await db.close()


@pytest.mark.database
@pytest.mark.anyio
async def test_statements_are_counted_for_their_request(app_url: str) -> None:
    db = Database(app_url, pool_size=1, instance_id="t")
    record = RequestRecord("r", "192.0.2.1")
    token = current_request.set(record)
    async with db.transaction() as session:
        await session.execute(text("SELECT pg_sleep(0.02)"))
    current_request.reset(token)
    assert record.db_n == 1
    assert 20 <= record.db_ms < 2000
    assert db.pool_use() == {"size": 1, "checked_out": 0, "overflow": 0, "waiting": 0}
    await db.close()


@pytest.mark.database
@pytest.mark.anyio
async def test_a_transaction_begins_with_its_hotel_in_one_statement(app_url: str, hotels: str) -> None:
    assert hotels
    db, sent = Database(app_url, pool_size=1, instance_id="t"), []
    event.listen(db.engine.sync_engine, "before_cursor_execute", lambda *args: sent.append(args[2]))
    async with db.transaction(HOTEL_A) as session:
        await session.execute(text("SELECT 1"))
        async with session.begin_nested():
            await session.execute(text("SELECT 2"))
    await db.close()
    assert [one for one in sent if "SAVEPOINT" not in one] == [begin_in(HOTEL_A), "SELECT 1", "SELECT 2"]
