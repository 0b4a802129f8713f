import select
from collections.abc import AsyncIterator

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.engine.interfaces import DBAPIConnection

from hotelctl.app.store.engine import Database

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_PID = text("SELECT pg_backend_pid()")


@pytest.fixture
async def db(app_url: str) -> AsyncIterator[Database]:
    made = Database(app_url, pool_size=2, instance_id="t")
    yield made
    await made.close()


@pytest.fixture
def pings(db: Database, monkeypatch: pytest.MonkeyPatch) -> list[DBAPIConnection]:
    """Every connection that was asked whether its server is there."""
    asked: list[DBAPIConnection] = []
    dialect = db.engine.sync_engine.dialect
    ask = dialect.do_ping

    def note(connection: DBAPIConnection) -> bool:
        asked.append(connection)
        return ask(connection)

    monkeypatch.setattr(dialect, "do_ping", note)
    return asked


async def _pid(db: Database) -> int:
    async with db.transaction() as session:
        return int((await session.execute(_PID)).scalar_one())


async def test_a_quiet_connection_is_taken_again_unasked(db: Database, pings: list[DBAPIConnection]) -> None:
    assert len({await _pid(db) for _ in range(3)}) == 1
    assert pings == []


async def test_connections_that_the_server_ended_are_replaced_unnoticed(
    db: Database, owner_connection: psycopg.Connection
) -> None:
    async with db.transaction() as one, db.transaction() as other:
        before = {(await session.execute(_PID)).scalar_one() for session in (one, other)}
    for pid in before:
        owner_connection.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    async with db.transaction() as one, db.transaction() as other:
        after = {(await session.execute(_PID)).scalar_one() for session in (one, other)}
    assert len(after) == 2
    assert not before & after


async def test_a_connection_with_news_is_asked_and_stays(
    db: Database, pings: list[DBAPIConnection], owner_connection: psycopg.Connection
) -> None:
    async with db.transaction() as session:
        await session.execute(text("LISTEN news"))
        raw = await (await session.connection()).get_raw_connection()
        driver = raw.driver_connection
    assert driver is not None
    before = await _pid(db)
    owner_connection.execute("NOTIFY news")
    # The news come when the other process gets to it.
    assert select.select([driver.fileno()], [], [], 10)[0]
    assert await _pid(db) == before
    assert len(pings) == 1


async def test_a_connection_closed_on_this_side_is_replaced(db: Database) -> None:
    async with db.transaction() as session:
        before = (await session.execute(_PID)).scalar_one()
        held = await session.connection()
        driver = (await held.get_raw_connection()).driver_connection
    assert driver is not None
    await driver.close()
    assert await _pid(db) != before
