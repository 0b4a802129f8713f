"""How often somebody may write to the assistant: an emergency gets through when the limit is used up."""

from hotelctl.app.domain.assistant.guard import Flag, guard
from hotelctl.app.domain.failures import RateLimited
from hotelctl.app.logs import current_request
from hotelctl.app.services.limiter import spend
from hotelctl.app.store.engine import Database


async def spend_message(db: Database, key: str, content: str) -> None:
    """One message counts.

    Raises RateLimited; for an emergency only when as many others as its own limit allows raised the alarm.
    """
    try:
        await spend(db, "chat", key)
    except RateLimited:
        if Flag.EMERGENCY not in guard(content).flags:
            raise
        await spend(db, "chat.emergency", key)
        record = current_request.get()
        if record is not None:
            record.limited_by = None
