"""Housekeeping's open work in the order in which it is best done."""

from typing import Any

from hotelctl.app.domain.rounds import floor_of, in_order
from hotelctl.app.services.models.asked import Asked
from hotelctl.app.store import figures

_KINDS = ("housekeeping", "amenity")


async def order(asked: Asked) -> dict[str, Any]:
    """Work orders by priority, age and floor."""
    waiting = in_order(await figures.open_work(asked.session, _KINDS))
    return {
        "work_orders": [
            {
                "id": str(work.work_order_id),
                "title": work.title,
                "room_label": work.room_label,
                "floor": floor_of(work.room_label),
                "priority": work.priority,
                "waiting_minutes": int((asked.now - work.created_at).total_seconds() // 60),
            }
            for work in waiting
        ]
    }
