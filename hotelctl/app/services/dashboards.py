"""What the dashboards show: counted in the database, and what to do where there is nothing to count yet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from hotelctl.app.domain import periods
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.domain.periods import PeriodKind
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.work_orders import EVERY_KIND
from hotelctl.app.services.work_orders import readable_kinds
from hotelctl.app.store import dashboard_counts as counts
from hotelctl.app.store import hotel_facts, hotels, tickets
from hotelctl.app.store.dashboard_counts import Count, Figures, count
from hotelctl.app.store.direct import Asks
from hotelctl.app.store.hotel_facts import HotelFacts
from hotelctl.app.store.tables import Conversation, Ticket, WorkOrder

_SHOWN = 10
_TO_DO = {
    "scans": "No code was scanned yet. Issue codes for guests and staff, and print them.",
    "conversations": "No guest has written yet. Guests come in with a code for their room.",
    "knowledge": "The assistant knows nothing yet. Write down what guests ask for.",
    "tickets": "There is no ticket yet. Guests, staff and the assistant can open one.",
    "work_orders": "There is no work order yet. Staff and the assistant can open one.",
    "ai": "The assistant was not asked yet.",
}


@dataclass(frozen=True, slots=True)
class ToDo:
    """Of what there is nothing yet, and how it begins."""

    about: str
    hint: str


@dataclass(frozen=True, slots=True)
class AdminView:
    """What whoever runs the hotel sees; None where there never was anything."""

    day: date
    timezone: str
    hotel: HotelFacts
    conversations: Figures | None
    tickets: Figures | None
    work_orders: Figures | None
    scans: Figures | None
    ai: Figures | None
    waiting: Sequence[Conversation]
    emergencies: Sequence[Ticket]
    newest_tickets: Sequence[Ticket]
    active_codes: dict[str, int]
    failed_syncs: int | None
    to_do: list[ToDo]


@dataclass(frozen=True, slots=True)
class StaffView:
    """What a member of staff sees; None where there never was anything."""

    day: date
    timezone: str
    tickets: Figures | None
    work_orders: Figures | None
    my_work_orders: Sequence[WorkOrder]
    unassigned_work_orders: Sequence[WorkOrder]
    my_tickets: Sequence[Ticket]
    waiting: Sequence[Conversation]
    emergencies: Sequence[Ticket]
    to_do: list[ToDo]


async def _today(asks: Asks, hotel_id: UUID) -> tuple[datetime, date, str]:
    """When the hotel's day began, its date, and the time zone that says so."""
    timezone = await hotels.timezone(asks, hotel_id)
    if timezone is None:
        raise NotFound
    clock, now = periods.zone(timezone), datetime.now(UTC)
    return periods.period_at(PeriodKind.DAY, now, clock).start, now.astimezone(clock).date(), clock.key


def _to_do(found: Mapping[str, object], *about: str) -> list[ToDo]:
    return [ToDo(what, _TO_DO[what]) for what in about if not found[what]]


async def admin(asks: Asks, who: Principal) -> AdminView:
    """The figures of the hotel's day at this moment."""
    start, day, timezone = await _today(asks, who.hotel_id)
    newest = tickets.newest_of_all(_SHOWN)
    found = await count(
        asks,
        hotel=Count(hotel_facts.facts(who.hotel_id), lambda rows: hotel_facts.facts_of(rows[0])),
        conversations=counts.conversations(start),
        tickets=counts.tickets(),
        work_orders=counts.work_orders(start, EVERY_KIND, who.user_id),
        scans=counts.scans(start),
        ai=counts.ai(start),
        knowledge=counts.knows_anything(),
        waiting=counts.waiting_conversations(limit=_SHOWN),
        emergencies=counts.emergencies(limit=_SHOWN),
        newest_tickets=Count(newest, list),
        active_codes=counts.active_codes(),
        failed_syncs=counts.failed_syncs(),
    )
    to_do = _to_do(found, "knowledge", "scans", "conversations", "tickets", "work_orders", "ai")
    del found["knowledge"]
    return AdminView(day=day, timezone=timezone, **found, to_do=to_do)


async def staff(asks: Asks, who: Principal) -> StaffView:
    """What this member of staff has to do, and what nobody of the department has taken."""
    start, day, timezone = await _today(asks, who.hotel_id)
    kinds, own = readable_kinds(who), {}
    if who.user_id:
        own = {
            "my_work_orders": counts.queue(kinds, who.user_id, limit=2 * _SHOWN),
            "my_tickets": counts.my_tickets(who.user_id, limit=2 * _SHOWN),
        }
    found = await count(
        asks,
        tickets=counts.tickets(),
        work_orders=counts.work_orders(start, kinds, who.user_id),
        unassigned_work_orders=counts.queue(kinds, None, limit=2 * _SHOWN),
        waiting=counts.waiting_conversations(limit=_SHOWN),
        emergencies=counts.emergencies(limit=_SHOWN),
        **own,
    )
    nothing: dict[str, Any] = {"my_work_orders": [], "my_tickets": []}
    to_do = _to_do(found, "tickets", "work_orders")
    return StaffView(day=day, timezone=timezone, **(nothing | found), to_do=to_do)
