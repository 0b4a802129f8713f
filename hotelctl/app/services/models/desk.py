"""What the desk wants to know: who takes a request, how the night stands, what the next day may bring."""

from datetime import UTC, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select

from hotelctl.app.domain.assistant.intents import read_intent
from hotelctl.app.services.models.asked import INSUFFICIENT, Asked
from hotelctl.app.store import figures
from hotelctl.app.store.tables import Hotel

_DEPARTMENTS = {
    "housekeeping": "housekeeping",
    "amenity": "housekeeping",
    "maintenance": "maintenance",
    "room_service": "reception",
}
_DESK = "reception"
_LEAST_WEEKS = 4
_WEEKS = timedelta(weeks=8)


async def route(asked: Asked) -> dict[str, Any]:
    """Department and its member with the fewest open items; shifts are not known: all count as present."""
    category = asked.kind
    if category is None:
        wishes = read_intent(asked.needed_question()).wishes
        category = wishes[0].category if wishes else _DESK
    department = _DEPARTMENTS.get(category, _DESK)
    load = await figures.load_of(asked.session, department)
    members = [
        {"user_id": str(user), "display_name": name, "open_items": items} for user, name, items in load
    ]
    return {"category": category, "department": department, "assignee": members[0] if members else None}


async def _zone(asked: Asked) -> ZoneInfo:
    name = await asked.session.scalar(select(Hotel.timezone).where(Hotel.id == asked.asker.hotel_id))
    try:
        return ZoneInfo(name or "UTC")
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


async def night_audit(asked: Asked) -> dict[str, Any]:
    """What is late, waits or failed now, and yesterday against the 28 days before, once there are so many."""
    zone = await _zone(asked)
    today = asked.now.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    first_at = await figures.first_row_at(asked.session)
    found: dict[str, Any] = {"now": await figures.loose_ends(asked.session)}
    yesterday = today - timedelta(days=1)
    if first_at is None or first_at > yesterday - timedelta(days=28):
        return {**found, "yesterday": None, "reason": "fewer than 28 days before yesterday"}
    return {**found, "yesterday": await figures.yesterday_and_median(asked.session, yesterday)}


async def forecast(asked: Asked) -> dict[str, Any]:
    """Tickets and messages by hour of tomorrow: the median of its weekday in up to eight weeks, with n."""
    zone = await _zone(asked)
    tomorrow = asked.now.astimezone(zone) + timedelta(days=1)
    first_at = await figures.first_row_at(asked.session)
    weeks = 0 if first_at is None else (asked.now - first_at).days // 7
    if first_at is None or weeks < _LEAST_WEEKS:
        return {INSUFFICIENT: {"weeks": weeks, "needed_weeks": _LEAST_WEEKS}, "occupancy": "not_configured"}
    span = max(first_at, asked.now - _WEEKS).astimezone(UTC), asked.now - timedelta(hours=1)
    expected = {}
    for what in ("tickets", "messages"):
        rows = await figures.usual_hours(asked.session, what, tomorrow.isoweekday(), zone.key, span)
        expected[what] = [
            {"hour": row["hour"], "median": float(row["median"]), "n": row["n"]} for row in rows
        ]
    return {"date": tomorrow.date().isoformat(), "expected": expected, "occupancy": "not_configured"}
