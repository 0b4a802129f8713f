"""Ends what a hotel's data has been kept for long enough, once a day."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import retention as rules
from hotelctl.app.services.jobs.runner import Counts
from hotelctl.app.store import audit, hotels, idempotency
from hotelctl.app.store import retention as store
from hotelctl.app.store.audit import Change, Thing

_ACTION = "retention.run"
# A little less than a day, so that the time of day does not wander.
_ONCE = timedelta(hours=23)


async def end_old(session: AsyncSession, hotel_id: UUID) -> Counts:
    """What was removed, by sort, as the audit trail has it, too; nothing within a day of the last time."""
    hotel = await hotels.find(session, hotel_id)
    now = datetime.now(UTC)
    last = await store.last_noted(session, hotel_id, _ACTION)
    if hotel is None or (last is not None and now - last < _ONCE):
        return {}
    kept = rules.of_hotel(hotel.settings)
    counts = {
        "conversations": await store.end_conversations(session, hotel_id, now - _days(kept.conversations)),
        "ai_payloads": await store.empty_payloads(session, hotel_id, now - _days(kept.ai_payloads)),
        "addresses": await store.shorten_addresses(session, hotel_id, now - rules.ADDRESSES),
        "session_logs": await store.end_session_logs(session, now - _days(kept.session_logs)),
        "deleted_rows": await store.end_deleted(session, hotel_id, now - _days(kept.deleted_rows)),
        **await store.end_ended(session, hotel_id, now - rules.ENDED),
        "repeats": await idempotency.sweep(session, hotel_id),
    }
    await audit.note_system(session, hotel_id, _ACTION, Thing("hotel", hotel_id), Change(after=counts))
    return counts


async def end_hotels(session: AsyncSession) -> Counts:
    """How many hotels are gone for good; a trail of their own they have no longer, so the log counts them."""
    ended = await hotels.end_deleted(session)
    return {"hotels_ended": ended} if ended else {}


def _days(days: int) -> timedelta:
    return timedelta(days=days)
