"""What the dashboards show: counted in the database, and what to do where there is nothing to count yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import periods
from hotelctl.app.domain.failures import NotFound
from hotelctl.app.domain.periods import PeriodKind
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.work_orders import EVERY_KIND
from hotelctl.app.services.work_orders import readable_kinds
from hotelctl.app.store import dashboard_counts, hotels, tickets
from hotelctl.app.store.dashboard_counts import Figures
from hotelctl.app.store.paging import Page
from hotelctl.app.store.tables import Conversation, Ticket, WorkOrder
from hotelctl.app.store.tickets import TicketFilter

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
    conversations: Figures | None
    tickets: Figures | None
    work_orders: Figures | None
    scans: Figures | None
    ai: Figures | None
    waiting: Sequence[Conversation]
    newest_tickets: Sequence[Ticket]
    active_codes: dict[str, int]
    failed_syncs: int
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
    to_do: list[ToDo]


async def _today(session: AsyncSession, hotel_id: UUID) -> tuple[datetime, date, str]:
    """When the hotel's day began, its date, and the time zone that says so."""
    hotel = await hotels.find(session, hotel_id)
    if hotel is None:
        raise NotFound
    clock, now = periods.zone(hotel.timezone), datetime.now(UTC)
    return periods.period_at(PeriodKind.DAY, now, clock).start, now.astimezone(clock).date(), clock.key


def _to_do(**found: object) -> list[ToDo]:
    return [ToDo(about, _TO_DO[about]) for about, what in found.items() if not what]


async def admin(session: AsyncSession, who: Principal) -> AdminView:
    """The figures of the hotel's day as they are in this transaction."""
    start, day, timezone = await _today(session, who.hotel_id)
    talked = await dashboard_counts.conversations(session, start)
    opened = await dashboard_counts.tickets(session)
    ordered = await dashboard_counts.work_orders(session, start, EVERY_KIND, who.user_id)
    scanned = await dashboard_counts.scans(session, start)
    asked = await dashboard_counts.ai(session, start)
    knows = await dashboard_counts.knows_anything(session)
    return AdminView(
        day=day,
        timezone=timezone,
        conversations=talked,
        tickets=opened,
        work_orders=ordered,
        scans=scanned,
        ai=asked,
        waiting=await dashboard_counts.waiting_conversations(session, limit=_SHOWN),
        newest_tickets=(await tickets.newest(session, TicketFilter(), Page(_SHOWN))).items,
        active_codes=await dashboard_counts.active_codes(session),
        failed_syncs=await dashboard_counts.failed_syncs(session),
        to_do=_to_do(
            knowledge=knows,
            scans=scanned,
            conversations=talked,
            tickets=opened,
            work_orders=ordered,
            ai=asked,
        ),
    )


async def staff(session: AsyncSession, who: Principal) -> StaffView:
    """What this member of staff has to do, and what nobody of the department has taken."""
    start, day, timezone = await _today(session, who.hotel_id)
    kinds = readable_kinds(who)
    opened = await dashboard_counts.tickets(session)
    ordered = await dashboard_counts.work_orders(session, start, kinds, who.user_id)
    mine = await dashboard_counts.queue(session, kinds, who.user_id, limit=2 * _SHOWN) if who.user_id else []
    return StaffView(
        day=day,
        timezone=timezone,
        tickets=opened,
        work_orders=ordered,
        my_work_orders=mine,
        unassigned_work_orders=await dashboard_counts.queue(session, kinds, None, limit=2 * _SHOWN),
        my_tickets=await dashboard_counts.my_tickets(session, who.user_id, limit=2 * _SHOWN)
        if who.user_id
        else [],
        waiting=await dashboard_counts.waiting_conversations(session, limit=_SHOWN),
        to_do=_to_do(tickets=opened, work_orders=ordered),
    )
