import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import text, update
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from hotelctl.app.logs import RequestRecord, current_request
from hotelctl.app.store.direct import Fixed, as_entity, columns_of, given, within
from hotelctl.app.store.engine import Database
from hotelctl.app.store.tables import KnowledgeEntry, Message, User
from tests.app.people import HOTEL_A, HOTEL_B

_SEEN = Fixed.of(text("SELECT DISTINCT hotel_id FROM users WHERE deleted_at IS NULL"))
_TRANSACTION = Fixed.of(text("SELECT txid_current() AS id"))
_ECHO = Fixed.of(text("SELECT :value AS value, 'a%b' AS percent"))
_BROKEN = Fixed.of(text("SELECT 1/0"))


@pytest.fixture
async def db(app_url: str, hotels: str) -> AsyncIterator[Database]:
    """One connection, so that nothing can hide on another one."""
    assert hotels
    opened = Database(app_url, pool_size=1, instance_id="t")
    yield opened
    await opened.close()


def test_rows_of_an_entity_hold_what_it_loads_and_only_live_ones() -> None:
    words = Fixed.of(columns_of(KnowledgeEntry)).sql
    assert "knowledge_entries.deleted_at IS NULL" in words
    assert "knowledge_entries.tsv" not in words
    assert "WHERE" not in Fixed.of(columns_of(Message)).sql


def test_fixed_words_are_told_apart_from_what_comes_later() -> None:
    fixed = Fixed.of(
        columns_of(User).where(User.role.in_(("staff", "manager")), User.email == given("email"))
    )
    assert sorted(fixed.constants.values()) == ["manager", "staff"]
    assert "%(email)s" in fixed.sql


@pytest.mark.database
@pytest.mark.anyio
class TestWithADatabase:
    async def test_one_connection_never_mixes_hotels(self, db: Database) -> None:
        wanted = [HOTEL_A, None, HOTEL_B] * 10
        found = await asyncio.gather(*(db.ask((_SEEN, {}), hotel_id=hotel_id) for hotel_id in wanted))
        seen = [{row.hotel_id for row in rows} for (rows,) in found]
        assert seen == [{hotel_id} if hotel_id else set() for hotel_id in wanted]

    async def test_a_session_and_a_direct_statement_leave_each_other_no_hotel(self, db: Database) -> None:
        async with db.transaction(HOTEL_A) as session:
            await session.execute(text("SELECT 1"))
        assert await db.ask((_SEEN, {})) == [[]]
        await db.ask((_SEEN, {}), hotel_id=HOTEL_B)
        async with db.transaction() as session:
            assert (await session.execute(text(_SEEN.sql))).all() == []

    async def test_what_is_asked_together_is_one_transaction_and_what_is_not_is_none(
        self, db: Database
    ) -> None:
        (first,), (second,) = await db.ask((_TRANSACTION, {}), (_TRANSACTION, {}))
        (third,) = (await db.ask((_TRANSACTION, {})))[0]
        assert first == second
        assert third.id > first.id

    async def test_each_statement_has_its_own_values_whatever_stands_in_them(self, db: Database) -> None:
        values: list[Any] = ["it's; DROP TABLE users; -- %s", 5, HOTEL_A, datetime(2026, 1, 2, tzinfo=UTC)]
        found = await db.ask(*((_ECHO, {"value": value}) for value in values))
        told = [rows[0].value for rows in found]
        assert [str(value) for value in told[:2]] == [str(value) for value in values[:2]]
        assert [UUID(str(told[2])), told[3]] == values[2:]
        assert {rows[0].percent for rows in found} == {"a%b"}

    async def test_what_fails_takes_the_whole_message_back_and_raises_what_sessions_raise(
        self, db: Database
    ) -> None:
        rename = Fixed.of(text("UPDATE users SET display_name = 'X' WHERE deleted_at IS NULL"))
        with pytest.raises(DBAPIError) as failed:
            await db.ask((rename, {}), (_BROKEN, {}), hotel_id=HOTEL_A)
        assert getattr(failed.value.orig, "sqlstate", None) == "22012"
        renamed = Fixed.of(text("SELECT 1 FROM users WHERE deleted_at IS NULL AND display_name = 'X'"))
        assert await db.ask((renamed, {}), hotel_id=HOTEL_A) == [[]]
        with pytest.raises(ProgrammingError):
            await db.ask((Fixed("SELEC"), {}))

    async def test_a_session_s_transaction_is_asked_with_what_it_did_so_far(self, db: Database) -> None:
        named = Fixed.of(columns_of(User).where(User.display_name == given("name")))
        async with db.transaction(HOTEL_A) as session:
            await session.execute(update(User).values(display_name="Changed"))
            (inside,) = await within(session).ask((named, {"name": "Changed"}))
            await session.rollback()
        assert {row.hotel_id for row in inside} == {HOTEL_A}
        assert await db.reading(HOTEL_A).ask((named, {"name": "Changed"})) == [[]]

    async def test_a_row_becomes_what_the_session_would_have_loaded(self, db: Database) -> None:
        everybody = Fixed.of(columns_of(User).where(User.email == given("email")))
        values = {"email": "staff@alpha.example"}
        async with db.transaction(HOTEL_A) as session:
            ((row,),) = await within(session).ask((everybody, values))
            user = as_entity(session, User, row)
            assert not session.dirty
            user.display_name = "Changed"
        ((after,),) = await db.reading(HOTEL_A).ask((everybody, values))
        assert after.display_name == "Changed"
        assert after.password_hash == row.password_hash

    async def test_an_error_in_a_session_s_transaction_is_one_of_the_session(self, db: Database) -> None:
        with pytest.raises(DBAPIError):
            async with db.transaction(HOTEL_A) as session:
                await within(session).ask((_BROKEN, {}))
        assert await db.ask((_ECHO, {"value": 1}))

    async def test_a_connection_that_died_is_replaced(self, db: Database, owner_url: str) -> None:
        pid = Fixed.of(text("SELECT pg_backend_pid() AS pid"))
        ((first,),) = await db.ask((pid, {}))
        with psycopg.connect(owner_url, autocommit=True) as owner:
            assert owner.execute("SELECT pg_terminate_backend(%s, 5000)", (first.pid,)).fetchone() == (True,)
        ((second,),) = await db.ask((pid, {}))
        assert second.pid != first.pid

    async def test_a_connection_that_dies_on_the_way_does_not_come_back(self, db: Database) -> None:
        suicide = Fixed.of(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        with pytest.raises(OperationalError):
            await db.ask((suicide, {}))
        assert await db.ask((_ECHO, {"value": 1}))
        assert db.pool_use()["checked_out"] == 0

    async def test_who_is_cancelled_leaves_a_connection_that_works(self, db: Database) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await db.ask((Fixed("SELECT pg_sleep(10)"), {}), hotel_id=HOTEL_A)
        assert await db.ask((_SEEN, {})) == [[]]
        assert db.pool_use()["checked_out"] == 0

    async def test_one_message_is_one_figure_and_all_its_statements_are_counted(self, app_url: str) -> None:
        told: list[tuple[str, float]] = []
        db = Database(app_url, pool_size=1, instance_id="t", observe=lambda *figure: told.append(figure))
        record = RequestRecord("r", "192.0.2.1")
        token = current_request.set(record)
        await db.ask((Fixed("SELECT pg_sleep(0.02)"), {}), (_SEEN, {}))
        current_request.reset(token)
        await db.close()
        assert record.db_n == 2
        assert 20 <= record.db_ms < 2000
        assert [name for name, _ in told] == ["select pg_sleep"]

    async def test_a_database_that_is_not_there_is_an_outage(self) -> None:
        db = Database("postgresql://x@127.0.0.1:1/x", pool_size=1, instance_id="t")
        with pytest.raises(OperationalError):
            await db.ask((_SEEN, {}))
