import asyncio
from collections.abc import AsyncIterator
from typing import Any

import psycopg
import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store import outbox
from hotelctl.app.store.engine import Database
from hotelctl.app.store.outbox import Claimed
from tests.app.people import HOTEL_A, HOTEL_B

pytestmark = [pytest.mark.database, pytest.mark.anyio]


def _put(url: str, count: int = 1, hotel_id: object = HOTEL_A) -> None:
    with psycopg.connect(url) as connection:
        for _ in range(count):
            connection.execute(
                "INSERT INTO outbox (id, hotel_id, kind, recipient, subject, body, status)"
                " VALUES (%s, %s, 'invitation', 'a@b.example', 's', 'b', 'pending')",
                (uuid7(), hotel_id),
            )


def _rows(url: str) -> list[tuple[Any, ...]]:
    with psycopg.connect(url) as connection:
        return connection.execute(
            "SELECT status, subject, body, last_error, attempts,"
            " round(extract(epoch FROM next_attempt_at - now())) FROM outbox ORDER BY id"
        ).fetchall()


@pytest.fixture
async def db(app_url: str, hotels: str) -> AsyncIterator[Database]:
    assert hotels
    database = Database(app_url, pool_size=10, instance_id="t")
    yield database
    await database.close()


async def _claim(db: Database) -> Claimed | None:
    async with db.transaction(HOTEL_A) as session:
        return await outbox.claim(session)


async def test_of_many_at_once_nobody_gets_a_mail_that_another_one_has(db: Database, hotels: str) -> None:
    _put(hotels, 5)
    claimed = await asyncio.gather(*(_claim(db) for _ in range(12)))
    ids = [mail.id for mail in claimed if mail]
    assert len(ids) == len(set(ids)) == 5
    assert {row[4:] for row in _rows(hotels)} == {(1, outbox.LEASE_S)}


async def test_who_waits_is_known_across_hotels_and_claimed_within_one(db: Database, hotels: str) -> None:
    _put(hotels, 2, HOTEL_B)
    async with db.transaction() as session:
        assert await outbox.due_hotels(session) == (HOTEL_B,)
        assert await outbox.pending(session) == 2
    assert await _claim(db) is None


async def test_a_hotel_that_is_suspended_sends_nothing(db: Database, hotels: str) -> None:
    _put(hotels)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE hotels SET suspended_at = now() WHERE id = %s", (HOTEL_A,))
    async with db.transaction() as session:
        assert await outbox.due_hotels(session) == ()


async def test_the_text_goes_with_the_sending(db: Database, hotels: str) -> None:
    _put(hotels)
    mail = await _claim(db)
    assert mail
    async with db.transaction(HOTEL_A) as session:
        await outbox.settle_later(session, mail, "timeout", 60)
    assert _rows(hotels) == [("pending", "s", "b", "timeout", 1, 60)]
    async with db.transaction(HOTEL_A) as session:
        await outbox.settle_sent(session, mail)
    assert _rows(hotels)[0][:4] == ("sent", None, None, None)
    async with db.transaction(HOTEL_A) as session:
        await outbox.settle_failed(session, mail, "refused")
    assert _rows(hotels)[0][0] == "sent"


async def test_who_took_longer_than_the_lease_has_no_say(db: Database, hotels: str) -> None:
    _put(hotels)
    slow = await _claim(db)
    with psycopg.connect(hotels) as connection:
        connection.execute("UPDATE outbox SET next_attempt_at = now()")
    quick = await _claim(db)
    assert slow
    assert quick
    assert (slow.attempts, quick.attempts) == (1, 2)
    async with db.transaction(HOTEL_A) as session:
        await outbox.settle_failed(session, slow, "timeout")
    assert _rows(hotels)[0][0] == "pending"
