"""What the desk wants to know: who takes a request, how the night stands, what the next day may bring."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hotelctl.app.domain import periods, retention
from hotelctl.app.domain.assistant.intents import read_intent
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.services.models.asked import INSUFFICIENT, Asked
from hotelctl.app.store import figures, hotels

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


@dataclass(frozen=True, slots=True)
class _Books:
    """The hotel's clock, and the moments from which on all that happened is still there."""

    clock: ZoneInfo
    first_at: datetime | None
    messages_kept_at: datetime

    def since(self, what: str) -> datetime | None:
        """From when on the hotel's rows of this sort tell everything; before, retention ended messages."""
        if self.first_at is None or what != "messages":
            return self.first_at
        return max(self.first_at, self.messages_kept_at)


async def _books(asked: Asked) -> _Books:
    hotel = await hotels.find(asked.session, asked.asker.hotel_id)
    if hotel is None:
        raise NotFound
    kept = timedelta(days=retention.of_hotel(hotel.settings).conversations)
    return _Books(periods.zone(hotel.timezone), await figures.first_row_at(asked.session), asked.now - kept)


async def night_audit(asked: Asked) -> dict[str, Any]:
    """What is late, waits or failed now, and yesterday against the 28 days before, once there are so many.

    Of what is not kept for so long there is no median.
    """
    books = await _books(asked)
    today = asked.now.astimezone(books.clock).replace(hour=0, minute=0, second=0, microsecond=0)
    found: dict[str, Any] = {"now": await figures.loose_ends(asked.session)}
    yesterday = today - timedelta(days=1)
    begins = yesterday - timedelta(days=28)
    if books.first_at is None or books.first_at > begins:
        return {**found, "yesterday": None, "reason": "fewer than 28 days before yesterday"}
    counted = await figures.yesterday_and_median(asked.session, yesterday.date(), books.clock.key)
    if books.messages_kept_at > begins:
        counted["messages"]["median_28_days"] = None
    return {**found, "yesterday": counted}


async def forecast(asked: Asked) -> dict[str, Any]:
    """Tickets and messages by hour of tomorrow: the median of its weekday in up to eight weeks, with n.

    Null for what is kept for fewer than four weeks; `lacking` says for how many.
    """
    books = await _books(asked)
    tomorrow = asked.now.astimezone(books.clock) + timedelta(days=1)
    expected: dict[str, list[dict[str, Any]] | None] = {}
    lacking = {}
    for what in ("tickets", "messages"):
        since = books.since(what)
        weeks = 0 if since is None else (asked.now - since).days // 7
        if since is None or weeks < _LEAST_WEEKS:
            expected[what], lacking[what] = None, {"weeks": weeks, "needed_weeks": _LEAST_WEEKS}
            continue
        span = max(since, asked.now - _WEEKS).astimezone(UTC), asked.now - timedelta(hours=1)
        rows = await figures.usual_hours(asked.session, what, tomorrow.isoweekday(), books.clock.key, span)
        expected[what] = [
            {"hour": row["hour"], "median": float(row["median"]), "n": row["n"]} for row in rows
        ]
    if "tickets" in lacking:
        return {INSUFFICIENT: lacking["tickets"], "occupancy": "not_configured"}
    found: dict[str, Any] = {"date": tomorrow.date().isoformat(), "expected": expected}
    return {**found, **({"lacking": lacking} if lacking else {}), "occupancy": "not_configured"}
