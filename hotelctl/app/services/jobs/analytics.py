"""Keeps the figures of a hotel's present and last hour, day, week and month up to date."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import periods
from hotelctl.app.domain.periods import PeriodKind
from hotelctl.app.services.jobs.runner import Counts
from hotelctl.app.store import hotels, summaries


async def refresh(session: AsyncSession, hotel_id: UUID) -> Counts:
    """The figures are those of the rows; days come first, because weeks and months are their sums."""
    hotel = await hotels.find(session, hotel_id)
    if hotel is None:
        return {}
    clock = periods.zone(hotel.timezone)
    now = datetime.now(UTC)
    for kind in PeriodKind:
        present = periods.period_at(kind, now, clock)
        for period in (periods.before(present, clock), present):
            await summaries.refresh(session, hotel_id, period)
    return {}
