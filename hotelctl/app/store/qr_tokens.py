"""Statements on codes. The raw token never comes here; look-ups by its hash go through definer functions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, case, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.qr import Purpose, State
from hotelctl.app.store.engine import WITH_DELETED
from hotelctl.app.store.tables import LoginSession, QrToken, User

_PEEK = text("SELECT id, hotel_id, hotel_name, purpose, user_id, room_label, expires_at FROM qr_peek(:hash)")
_CLAIM = text("SELECT id, hotel_id FROM qr_claim(:hash)")

# The one place that says which state a code is in; an end that people made counts before one of itself.
STATE: ColumnElement[str] = case(
    (QrToken.replaced_by.is_not(None), State.REPLACED.value),
    (QrToken.revoked_at.is_not(None), State.REVOKED.value),
    (QrToken.use_count >= QrToken.max_uses, State.USED.value),
    (QrToken.expires_at <= func.now(), State.EXPIRED.value),
    else_=State.ACTIVE.value,
)


@dataclass(frozen=True, slots=True)
class Peeked:
    """What the holder of an active code may be told before coming in."""

    id: UUID
    hotel_id: UUID
    hotel_name: str
    purpose: Purpose
    user_id: UUID | None
    room_label: str | None
    expires_at: datetime


class Listed(NamedTuple):
    """A code with its state and who made it; the hash stays in the row."""

    code: QrToken
    state: State
    creator_id: UUID | None
    creator_name: str | None


async def peek(session: AsyncSession, token_hash: bytes) -> Peeked | None:
    """The active code of this hash in a live hotel, untouched."""
    row = (await session.execute(_PEEK, {"hash": token_hash})).one_or_none()
    if row is None:
        return None
    return Peeked(row.id, row.hotel_id, row.hotel_name, Purpose(row.purpose), *row[4:])


async def claim(session: AsyncSession, token_hash: bytes) -> tuple[UUID, UUID] | None:
    """One use of an active code is taken: of any number at once, as many get it as uses are left."""
    row = (await session.execute(_CLAIM, {"hash": token_hash})).one_or_none()
    return None if row is None else (row[0], row[1])


async def claim_by_id(session: AsyncSession, code_id: UUID) -> QrToken | None:
    """The same for a code of the transaction's hotel whose holder has shown it before."""
    statement = (
        update(QrToken)
        .where(QrToken.id == code_id, in_state(State.ACTIVE))
        .values(use_count=QrToken.use_count + 1, used_at=func.now())
        .returning(QrToken)
    )
    return (await session.execute(statement)).scalar_one_or_none()


def in_state(state: State) -> ColumnElement[bool]:
    """Codes that are in this state now."""
    return STATE.in_((state.value,))


def narrowed(state: State | None, purpose: Purpose | None, room: str | None) -> Select[QrToken]:
    """Codes of the transaction's hotel of this state, purpose and room."""
    statement = select(QrToken)
    if state is not None:
        statement = statement.where(in_state(state))
    if purpose is not None:
        statement = statement.where(QrToken.purpose == purpose.value)
    if room is not None:
        statement = statement.where(QrToken.room_label == room)
    return statement


async def described(session: AsyncSession, codes: Sequence[QrToken]) -> list[Listed]:
    """The codes in the same order with state and maker."""
    statement = (
        select(QrToken.id, STATE, User.id, User.display_name)
        .outerjoin(User, (User.hotel_id == QrToken.hotel_id) & (User.id == QrToken.created_by))
        .where(QrToken.id.in_([code.id for code in codes]))
        .execution_options(**{WITH_DELETED: True})
    )
    rows = {row[0]: row for row in (await session.execute(statement)).all()}
    return [Listed(code, State(rows[code.id][1]), rows[code.id][2], rows[code.id][3]) for code in codes]


async def find(session: AsyncSession, code_id: UUID) -> Listed | None:
    """The code of the transaction's hotel."""
    code = await session.get(QrToken, code_id)
    return None if code is None else (await described(session, [code]))[0]


async def of_session(session: AsyncSession, session_id: UUID | None) -> QrToken | None:
    """The code that the guest of this session came in with."""
    statement = select(QrToken).join(
        LoginSession,
        (LoginSession.hotel_id == QrToken.hotel_id) & (LoginSession.qr_token_id == QrToken.id),
    )
    return (await session.execute(statement.where(LoginSession.id == session_id))).scalar_one_or_none()


async def lock(session: AsyncSession, code_id: UUID) -> tuple[QrToken, State] | None:
    """The code, which nobody else changes or claims until the transaction ends."""
    statement = select(QrToken, STATE).where(QrToken.id == code_id).with_for_update(of=QrToken)
    row = (await session.execute(statement)).one_or_none()
    return None if row is None else (row[0], State(row[1]))


async def counts(session: AsyncSession) -> tuple[dict[State, int], dict[Purpose, int]]:
    """How many codes the hotel has, by state and by purpose; a word without any is counted as 0."""
    rows = (
        await session.execute(select(STATE, QrToken.purpose, func.count()).group_by(STATE, QrToken.purpose))
    ).all()
    by_state, by_purpose = dict.fromkeys(State, 0), dict.fromkeys(Purpose, 0)
    for state, purpose, count in rows:
        by_state[State(state)] += count
        by_purpose[Purpose(purpose)] += count
    return by_state, by_purpose
