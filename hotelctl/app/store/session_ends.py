"""Ends of sessions; one that was over before stays as it was."""

from uuid import UUID

from sqlalchemy import ColumnElement, func, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.tables import LoginSession


async def end(session: AsyncSession, session_id: UUID, reason: str) -> None:
    """The session is over."""
    await _end(session, LoginSession.id == session_id, reason)


async def end_of_code(session: AsyncSession, qr_token_id: UUID, reason: str) -> list[UUID]:
    """Whoever came in with this code is out; the ids of their sessions."""
    return await _end(session, LoginSession.qr_token_id == qr_token_id, reason)


async def _end(session: AsyncSession, which: ColumnElement[bool], reason: str) -> list[UUID]:
    statement = (
        update(LoginSession)
        .where(which, LoginSession.revoked_at.is_(None))
        .values(revoked_at=func.now(), revoke_reason=reason)
        .returning(LoginSession.id)
    )
    return list(await session.scalars(statement))
