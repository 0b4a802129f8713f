"""Statements on links that are good once."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Update, func, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.tables import VerificationToken

_CLAIM = text("SELECT hotel_id, user_id FROM verification_claim(:hash, :purpose) WHERE user_id IS NOT NULL")


def withdrawal(user_id: UUID, purpose: str) -> Update:
    """The statement after which no earlier link of this user for this purpose is good."""
    return (
        update(VerificationToken)
        .where(
            VerificationToken.user_id == user_id,
            VerificationToken.purpose == purpose,
            VerificationToken.used_at.is_(None),
        )
        .values(used_at=func.now())
    )


async def withdraw_all(session: AsyncSession, user_id: UUID) -> None:
    """No earlier link of this user is good."""
    statement = (
        update(VerificationToken)
        .where(VerificationToken.user_id == user_id, VerificationToken.used_at.is_(None))
        .values(used_at=func.now())
    )
    await session.execute(statement)


async def claim(
    session: AsyncSession, token_hash: bytes, purposes: Sequence[str]
) -> tuple[UUID, UUID] | None:
    """Hotel and user of a link that was good until now, of one of the purposes; in no hotel's transaction."""
    for purpose in purposes:
        row = (await session.execute(_CLAIM, {"hash": token_hash, "purpose": purpose})).one_or_none()
        if row is not None:
            return row[0], row[1]
    return None
