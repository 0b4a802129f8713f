"""What a page says of the people and the hotel it is about."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.engine import WITH_DELETED, Database, enter_hotel
from hotelctl.app.store.tables import Hotel, User

_BY_ENTRY_CODE = text("SELECT id FROM hotel_by_entry_code(:code)")


async def hotel(session: AsyncSession) -> Hotel | None:
    """The hotel of the transaction, unless it is suspended."""
    return (await session.execute(select(Hotel).where(Hotel.suspended_at.is_(None)))).scalar_one_or_none()


async def user(session: AsyncSession, user_id: UUID) -> User | None:
    """The user of the transaction's hotel, unless suspended."""
    statement = select(User).where(User.id == user_id, User.suspended_at.is_(None))
    return (await session.execute(statement)).scalar_one_or_none()


async def hotel_by_entry_code(db: Database, code: str) -> Hotel | None:
    """The live hotel whose entrance has this code."""
    if not code.isalnum() or not code.isascii():
        return None
    async with db.transaction() as session:
        hotel_id = await session.scalar(_BY_ENTRY_CODE, {"code": code})
        if hotel_id is None:
            return None
        await enter_hotel(session, hotel_id)
        return await hotel(session)


async def names(session: AsyncSession, user_ids: Collection[UUID]) -> dict[UUID, str]:
    """What these users of the hotel are called, also those who left."""
    statement = select(User.id, User.display_name).where(User.id.in_(user_ids))
    rows = await session.execute(statement.execution_options(**{WITH_DELETED: True}))
    return {row[0]: row[1] for row in rows if row[1]}
