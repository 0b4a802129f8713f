"""Faults that come back: a count over 30 days, no guess."""

from datetime import timedelta
from typing import Any

from hotelctl.app.services.models.asked import INSUFFICIENT, Asked
from hotelctl.app.store import figures

_SPAN = timedelta(days=30)
_LEAST = 3


async def recurring(asked: Asked) -> dict[str, Any]:
    """Rooms with three or more maintenance orders of one category in 30 days, once there are 30 days."""
    first_at = await figures.first_order_at(asked.session)
    if first_at is None or asked.now - first_at < _SPAN:
        days = 0 if first_at is None else (asked.now - first_at).days
        return {INSUFFICIENT: {"days": days, "needed_days": _SPAN.days}}
    return {"recurring": await figures.recurring_faults(asked.session, _LEAST), "days": _SPAN.days}
