"""What ends at a moment is over at that very moment, and a microsecond before it is not."""

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.qr import State
from hotelctl.app.services.passes import Device, Pass, open_guest, open_web
from hotelctl.app.services.service import Service
from hotelctl.app.store import qr_tokens, sessions, standing, tickets
from hotelctl.app.store.direct import within
from hotelctl.app.store.paging import Page
from hotelctl.app.store.tables import LoginSession, QrToken, Ticket, User
from hotelctl.app.store.tickets import TicketFilter
from tests.app.people import HOTEL_A

pytestmark = [pytest.mark.database, pytest.mark.anyio]
_TOKEN = sha256(b"token").digest()
_TICK = timedelta(microseconds=1)


@pytest.fixture
async def session(service: Service, hotels: str) -> AsyncIterator[AsyncSession]:
    """One transaction of the hotel, in which the database's now() stands still."""
    assert hotels
    async with service.db.transaction(HOTEL_A) as opened:
        yield opened
        await opened.rollback()


async def _now(session: AsyncSession) -> datetime:
    now: datetime = (await session.execute(select(func.now()))).scalar_one()
    return now


async def _code(session: AsyncSession, expires_at: datetime) -> QrToken:
    code = QrToken(
        id=uuid7(),
        hotel_id=HOTEL_A,
        purpose="guest_access",
        token_hash=_TOKEN,
        prefix="abcdef",
        room_label="204",
        expires_at=expires_at,
    )
    session.add(code)
    await session.flush()
    return code


@pytest.mark.parametrize(
    ("left", "state"), [(_TICK, State.ACTIVE), (timedelta(), State.EXPIRED), (-_TICK, State.EXPIRED)]
)
async def test_a_code_lets_in_as_long_as_it_says_that_it_is_active(
    left: timedelta, state: State, session: AsyncSession
) -> None:
    code = await _code(session, await _now(session) + left)
    told = (await session.execute(select(qr_tokens.STATE).where(QrToken.id == code.id))).scalar_one()
    assert told == state.value
    assert (await qr_tokens.peek(session, _TOKEN) is not None) is (state is State.ACTIVE)
    assert (await qr_tokens.claim(session, _TOKEN) is not None) is (state is State.ACTIVE)


async def _pass(session: AsyncSession) -> Pass:
    code = await _code(session, await _now(session) + timedelta(hours=1))
    opened = open_guest(
        session,
        hotel_id=HOTEL_A,
        qr_token_id=code.id,
        room_label="204",
        stay_ends_at=await _now(session) + timedelta(hours=3),
        device=Device("203.0.113.9", "x"),
    )
    await session.flush()
    return opened


async def _ends(session: AsyncSession, row: LoginSession) -> None:
    """The session holds until its end and not longer."""
    for left, holds in ((_TICK, True), (timedelta(), False)):
        now = row.expires_at - left
        assert (await standing.by_token_hash(within(session), row.token_hash, now) is not None) is holds


async def test_a_guest_s_session_is_over_at_its_end(session: AsyncSession) -> None:
    row = (await _pass(session)).session
    assert row.expires_at == row.absolute_expires_at
    await _ends(session, row)


async def test_a_page_s_session_is_over_at_its_end(session: AsyncSession) -> None:
    user = (await session.scalars(select(User).where(User.email == "staff@alpha.example"))).one()
    row = open_web(session, user, Device("203.0.113.9", "x")).session
    await session.flush()
    await _ends(session, row)


async def test_a_refresh_token_is_over_at_its_end(session: AsyncSession) -> None:
    user = (await session.scalars(select(User).where(User.email == "staff@alpha.example"))).one()
    ends_at = await _now(session) + timedelta(hours=1)
    row = LoginSession(
        id=uuid7(),
        hotel_id=HOTEL_A,
        subject_kind="user",
        user_id=user.id,
        kind="api",
        token_hash=_TOKEN,
        family_id=uuid7(),
        expires_at=ends_at,
        absolute_expires_at=ends_at,
    )
    session.add(row)
    await session.flush()
    for left, known in ((timedelta(), False), (_TICK, True)):
        found = await standing.by_family(
            within(session), user.id, row.family_id, user.auth_version, ends_at - left
        )
        assert (found is not None) is known
    assert await sessions.rotate(session, row.id, ends_at) is None
    assert await sessions.rotate(session, row.id, ends_at - _TICK) is not None


async def _ticket(session: AsyncSession, due_at: datetime) -> UUID:
    ticket = Ticket(id=uuid7(), hotel_id=HOTEL_A, number=1, title="Tap leaks", source="MANUAL", due_at=due_at)
    session.add(ticket)
    await session.flush()
    return ticket.id


@pytest.mark.parametrize(("left", "count"), [(_TICK, 0), (timedelta(), 0), (-_TICK, 1)])
async def test_a_ticket_is_late_after_the_moment_at_which_it_is_due(
    left: timedelta,
    count: int,
    session: AsyncSession,
) -> None:
    now = await _now(session)
    ticket_id = await _ticket(session, now + left)
    found = await tickets.newly_overdue(session, HOTEL_A, limit=5)
    assert [ticket.id for ticket in found] == [ticket_id] * count
    listed = await tickets.newest(within(session), TicketFilter(overdue_at=now), Page(5))
    assert [ticket.id for ticket in listed.items] == [ticket_id] * count


def test_a_link_to_a_password_is_over_at_its_end(hotels: str) -> None:
    made = (
        "INSERT INTO verification_tokens (id, hotel_id, purpose, user_id, token_hash, expires_at)"
        " SELECT %s, hotel_id, 'invite', id, %s, now() + %s FROM users WHERE email = 'staff@alpha.example'"
    )
    claim = "SELECT count(*) FROM verification_claim(%s, 'invite')"
    for left, taken in ((timedelta(), 0), (_TICK, 1)):
        with psycopg.connect(hotels) as connection:
            connection.execute(made, (uuid7(), _TOKEN, left))
            assert connection.execute(claim, (_TOKEN,)).fetchone() == (taken,)
            connection.rollback()
