"""Keeps the figures of a hotel's hours, days, weeks and months up to date."""

from datetime import UTC, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import periods, retention
from hotelctl.app.domain.periods import Period, PeriodKind
from hotelctl.app.services.jobs.runner import Counts
from hotelctl.app.store import hotels, summaries
from hotelctl.app.store.tables import Hotel

# Days come before weeks and months, because those are their sums.
_ORDER = list(PeriodKind)
_TO_NOON = timedelta(hours=12)


async def refresh(session: AsyncSession, hotel_id: UUID) -> Counts:
    """The figures are those of the rows: of the present and last period of each sort, and of those missed."""
    # Held, so that nothing is counted by a clock that the hotel gives up meanwhile.
    hotel = await hotels.held(session, hotel_id)
    if hotel is None:
        return {}
    clock, now = periods.zone(hotel.timezone), datetime.now(UTC)
    missed = await _missed(session, hotel, now, clock)
    wanted = {*missed, *_sums_over(missed, clock)}
    for kind in PeriodKind:
        wanted |= _newest(kind, now, clock)
    for period in sorted(wanted, key=lambda one: (_ORDER.index(one.kind), one.start)):
        await summaries.refresh(session, hotel_id, period)
    return {"periods_made_up_for": len(missed)} if missed else {}


async def change_clock(session: AsyncSession, hotel: Hotel, former: str) -> None:
    """What the job can count by the hotel's new clock is no longer there by the former one; the rest stays.

    A day of the former clock that reaches into the first whole day of the new one goes, too: nothing is
    counted twice. The hotel is locked by the caller.
    """
    now, old, clock = datetime.now(UTC), periods.zone(former), periods.zone(hotel.timezone)
    begins = _first_whole_day(hotel, now, clock)
    for kind in (PeriodKind.DAY, PeriodKind.WEEK, PeriodKind.MONTH):
        noon = periods.period_at(kind, begins, clock).start + _TO_NOON
        start = periods.period_at(kind, min(begins, noon), old).start
        await summaries.forget(session, kind, start)
        if kind is not PeriodKind.DAY:
            # Of days before those that the job counts; it would not come back to them.
            for period in {periods.period_at(kind, at, clock) for at in (start + _TO_NOON, begins)}:
                await summaries.refresh(session, hotel.id, period)


def _first_whole_day(hotel: Hotel, now: datetime, clock: ZoneInfo) -> datetime:
    """When the first day begins of which retention has taken nothing."""
    kept = retention.of_hotel(hotel.settings)
    oldest = now - timedelta(days=min(kept.conversations, kept.session_logs))
    return periods.period_at(PeriodKind.DAY, oldest, clock).end


def _newest(kind: PeriodKind, now: datetime, clock: ZoneInfo) -> set[Period]:
    present = periods.period_at(kind, now, clock)
    return {periods.before(present, clock), present}


async def _missed(session: AsyncSession, hotel: Hotel, now: datetime, clock: ZoneInfo) -> set[Period]:
    """Hours and days that nobody counted after their end, as when no instance ran for some days.

    Only those of which retention has taken nothing: a smaller number would be a false one.
    """
    begins = _first_whole_day(hotel, now, clock)
    moments = await summaries.eventful(session, hotel.id, begins, now)
    missed: set[Period] = set()
    for kind in (PeriodKind.HOUR, PeriodKind.DAY):
        counted_at = await summaries.counted_at(session, hotel.id, kind, begins)
        found = {periods.period_at(kind, moment, clock) for moment in moments} - _newest(kind, now, clock)
        never = datetime.min.replace(tzinfo=UTC)
        missed |= {period for period in found if counted_at.get(period.start, never) < period.end}
    return missed


def _sums_over(missed: set[Period], clock: ZoneInfo) -> set[Period]:
    days = [period.start for period in missed if period.kind is PeriodKind.DAY]
    return {
        periods.period_at(kind, day, clock) for day in days for kind in (PeriodKind.WEEK, PeriodKind.MONTH)
    }
