"""Dashboards and figures over HTTP."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query

from hotelctl.app.api.figure_forms import (
    AdminDashboard,
    Analytics,
    StaffDashboard,
    SummaryOut,
    SystemOut,
    WaitingOut,
)
from hotelctl.app.api.moments import Moment
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.require import Asking, reads, require
from hotelctl.app.api.ticket_forms import TicketOut
from hotelctl.app.api.work_order_forms import WorkOrderOut
from hotelctl.app.domain.periods import PeriodKind
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.services import dashboards
from hotelctl.app.services.assistant.present_provider import present_provider
from hotelctl.app.services.dashboards import AdminView, StaffView
from hotelctl.app.services.guest_data import shown_to
from hotelctl.app.services.service import Service
from hotelctl.app.store import summaries
from hotelctl.app.store.engine import Database

router = APIRouter(prefix="/api", tags=["figures"])
Manager = Annotated[Principal, require("analytics.read")]
_MOST_PERIODS = 400
_UNUSED = "not_implemented"
_SPAN = {
    PeriodKind.HOUR: timedelta(days=2),
    PeriodKind.DAY: timedelta(days=31),
    PeriodKind.WEEK: timedelta(weeks=26),
    PeriodKind.MONTH: timedelta(days=2 * 365),
}
_NOTHING_YET = "Nothing happened in this time, or the job `analytics` has not run since."


async def _lists(view: AdminView | StaffView, who: Principal, db: Database) -> dict[str, Any]:
    """What both dashboards list, as the caller may see it."""
    async with shown_to(who, db, "ticket") as guests:
        tickets = {
            name: [TicketOut.of(ticket, guests) for ticket in getattr(view, name)]
            for name in ("newest_tickets", "my_tickets", "emergencies")
            if hasattr(view, name)
        }
    orders = {
        name: [WorkOrderOut.of(order) for order in getattr(view, name)]
        for name in ("my_work_orders", "unassigned_work_orders")
        if hasattr(view, name)
    }
    return {**tickets, **orders, "waiting": [WaitingOut.model_validate(one) for one in view.waiting]}


def _system(service: Service, view: AdminView) -> SystemOut:
    found = service.external.serving()
    return SystemOut(
        version=service.identity.version,
        git_sha=service.identity.git_sha,
        schema_serial=SCHEMA_SERIAL,
        provider=present_provider(service.assistant.providers, view.hotel),
        external={name: standing.state.value if standing else _UNUSED for name, standing in found.items()},
        failed_syncs=view.failed_syncs,
    )


def _plain(view: AdminView | StaffView) -> dict[str, Any]:
    return {name: getattr(view, name) for name in view.__slots__}


@router.get("/dashboard/admin")
async def admin(reader: Annotated[Asking, reads("analytics.read")], service: ServiceDep) -> AdminDashboard:
    """The hotel's day in counts; what never was is null, and `to_do` says how it begins."""
    who = reader.who
    view = await dashboards.admin(reader.asks, who)
    system = _system(service, view)
    lists = await _lists(view, who, service.db)
    return AdminDashboard.model_validate(_plain(view) | lists | {"system": system})


@router.get("/dashboard/staff")
async def staff(reader: Annotated[Asking, reads("workorders.read")], service: ServiceDep) -> StaffDashboard:
    """What the caller has to do, what is nobody's yet, and who waits for a person."""
    view = await dashboards.staff(reader.asks, reader.who)
    lists = await _lists(view, reader.who, service.db)
    return StaffDashboard.model_validate(_plain(view) | lists)


@router.get("/analytics")
async def analytics(
    who: Manager,
    service: ServiceDep,
    period: PeriodKind = PeriodKind.DAY,
    start: Annotated[Moment | None, Query(alias="from", description="Where the list begins.")] = None,
) -> Analytics:
    """The figures of past periods, at most 400 of them, oldest first."""
    since = start or datetime.now(UTC) - _SPAN[period]
    async with service.db.transaction(who.hotel_id) as session:
        found = await summaries.since(session, period, since, limit=_MOST_PERIODS)
    items = [SummaryOut.of(summary) for summary in found]
    return Analytics(period=period, start=since, items=items, hint=None if items else _NOTHING_YET)
