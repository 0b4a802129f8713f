"""What a page says of the people and the hotel it is about."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.tables import Hotel, User


async def hotel(session: AsyncSession) -> Hotel | None:
    """The hotel of the transaction, unless it is suspended."""
    return (await session.execute(select(Hotel).where(Hotel.suspended_at.is_(None)))).scalar_one_or_none()


async def user(session: AsyncSession, user_id: UUID) -> User | None:
    """The user of the transaction's hotel, unless suspended."""
    statement = select(User).where(User.id == user_id, User.suspended_at.is_(None))
    return (await session.execute(statement)).scalar_one_or_none()
