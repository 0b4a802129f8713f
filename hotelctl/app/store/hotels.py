"""Statements on hotels as such."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.direct import Asks, Fixed
from hotelctl.app.store.tables import Hotel

_LIVE = text("SELECT id FROM live_hotels() WHERE NOT is_synthetic OR :synthetic")
_END_DELETED = text("SELECT end_deleted_hotels()")
_TIMEZONE = Fixed.of(text("SELECT timezone FROM hotels WHERE id = :hotel AND deleted_at IS NULL"))
_TRY_LOCK = text("SELECT pg_try_advisory_xact_lock(hashtextextended('hotel ' || :what, 0))")


async def live(session: AsyncSession, *, synthetic: bool) -> Sequence[UUID]:
    """The hotels that are not deleted; the synthetic one among them if asked for."""
    return (await session.execute(_LIVE, {"synthetic": synthetic})).scalars().all()


async def end_deleted(session: AsyncSession) -> int:
    """Hotels that were deleted 30 days ago are gone with all their rows; how many there were."""
    return int((await session.execute(_END_DELETED)).scalar_one())


async def timezone(asks: Asks, hotel_id: UUID) -> str | None:
    """The time zone of the transaction's hotel, if that is live."""
    (rows,) = await asks.ask((_TIMEZONE, {"hotel": hotel_id}))
    return rows[0].timezone if rows else None


async def find(session: AsyncSession, hotel_id: UUID, *, lock: bool = False) -> Hotel | None:
    """The hotel of the transaction; locked, nobody else changes it until the transaction ends."""
    statement = select(Hotel).where(Hotel.id == hotel_id)
    return (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()


async def held(session: AsyncSession, hotel_id: UUID) -> Hotel | None:
    """The hotel as it stays until the transaction ends; others may read it and add rows of it meanwhile."""
    statement = select(Hotel).where(Hotel.id == hotel_id).with_for_update(read=True)
    return (await session.execute(statement)).scalar_one_or_none()


async def try_lock(session: AsyncSession, what: str) -> bool:
    """Whether this transaction is the only one that does this; until it ends, nobody else will be."""
    return bool((await session.execute(_TRY_LOCK, {"what": what})).scalar_one())
