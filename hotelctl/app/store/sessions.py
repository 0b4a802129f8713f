"""Statements on users and their sessions. Look-ups by e-mail and hash go through definer functions."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, exists, func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.direct import Asked, Fixed, as_entity, columns_of, given, within
from hotelctl.app.store.tables import Hotel, LoginSession, User

S = TypeVar("S", bound=Select[Any])

_BY_EMAIL = text("SELECT id, hotel_id, password_hash FROM auth_user_by_email(:email)")
_BY_EMAIL_ASKED = Fixed.of(_BY_EMAIL)
_BY_HASH = text("SELECT id, hotel_id FROM auth_session(:hash)")


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a log-in needs before the hotel is known."""

    user_id: UUID
    hotel_id: UUID
    password_hash: str


async def credentials(session: AsyncSession, email: str) -> Credentials | None:
    """The live user of this address in a live hotel."""
    row = (await session.execute(_BY_EMAIL, {"email": email})).one_or_none()
    return None if row is None else Credentials(*row)


def by_email(email: str) -> Asked:
    """What `Credentials` are made of: at most one row."""
    return _BY_EMAIL_ASKED, {"email": email}


async def locate(session: AsyncSession, token_hash: bytes) -> tuple[UUID, UUID] | None:
    """Session and hotel of a refresh token, live or not."""
    row = (await session.execute(_BY_HASH, {"hash": token_hash})).one_or_none()
    return None if row is None else (row[0], row[1])


def _live(chosen: S) -> S:
    return chosen.join(Hotel, Hotel.id == User.hotel_id).where(
        User.deleted_at.is_(None),
        User.suspended_at.is_(None),
        Hotel.deleted_at.is_(None),
        Hotel.suspended_at.is_(None),
    )


_LIVE_ASKED = Fixed.of(_live(columns_of(User).where(User.id == given("user"))))


async def live_user(session: AsyncSession, user_id: UUID) -> User | None:
    """The user of the transaction's hotel, unless user or hotel is suspended or deleted."""
    return (await session.execute(_live(select(User).where(User.id == user_id)))).scalar_one_or_none()


async def live_user_after(session: AsyncSession, user_id: UUID, *first: Asked) -> User | None:
    """The same, not known to the session yet, in one message with what is asked before."""
    *_, rows = await within(session).ask(*first, (_LIVE_ASKED, {"user": user_id}))
    return as_entity(session, User, rows[0]) if rows else None


async def is_kept_out(session: AsyncSession, user_id: UUID) -> bool:
    """Whether nothing but the suspension of the hotel keeps the user out."""
    chosen = select(Hotel.suspended_at.is_not(None)).join(User, User.hotel_id == Hotel.id)
    own = (User.id == user_id, User.deleted_at.is_(None), User.suspended_at.is_(None))
    return bool(await session.scalar(chosen.where(*own, Hotel.deleted_at.is_(None))))


async def rotate(session: AsyncSession, session_id: UUID, now: datetime) -> LoginSession | None:
    """Ends a live refresh token in favour of a new one: of any number at once, exactly one gets the row."""
    statement = (
        update(LoginSession)
        .where(
            LoginSession.id == session_id,
            LoginSession.kind == "api",
            LoginSession.revoked_at.is_(None),
            LoginSession.expires_at > now,
        )
        .values(revoked_at=func.now(), revoke_reason="rotated")
        .returning(LoginSession)
    )
    return (await session.execute(statement)).scalar_one_or_none()


async def find(session: AsyncSession, session_id: UUID) -> LoginSession | None:
    """The session, live or not, if it is of the transaction's hotel."""
    return await session.get(LoginSession, session_id)


async def lasts(session: AsyncSession, session_id: UUID) -> bool:
    """Whether whoever came in by this session, of the transaction's hotel, is inside still."""
    own = (LoginSession.id == session_id, LoginSession.revoked_at.is_(None))
    return bool(await session.scalar(select(exists().where(*own, LoginSession.expires_at > func.now()))))


async def revoke_family(session: AsyncSession, family_id: UUID, reason: str) -> None:
    """No session of the family is live; those that ended before keep their own reason."""
    statement = (
        update(LoginSession)
        .where(LoginSession.family_id == family_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=func.now(), revoke_reason=reason)
    )
    await session.execute(statement)


async def revoke_user(session: AsyncSession, user_id: UUID, reason: str) -> None:
    """No session of the user is live."""
    statement = (
        update(LoginSession)
        .where(LoginSession.user_id == user_id, LoginSession.revoked_at.is_(None))
        .values(revoked_at=func.now(), revoke_reason=reason)
    )
    await session.execute(statement)
