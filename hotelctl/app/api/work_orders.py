"""Work orders over HTTP."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep, bearer_token
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import require
from hotelctl.app.api.texts import RoomLabel
from hotelctl.app.api.versions import IfMatchDep, etag
from hotelctl.app.api.work_order_forms import (
    ChangeOut,
    WorkOrderIn,
    WorkOrderOut,
    WorkOrderPatch,
    WorkOrderWithHistory,
)
from hotelctl.app.domain.failures import Conflict
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.tickets import Priority
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderKind, WorkOrderStatus
from hotelctl.app.services import work_orders
from hotelctl.app.services.work_orders import WorkOrderDraft
from hotelctl.app.store import work_orders as store
from hotelctl.app.store.work_orders import WorkOrderFilter

router = APIRouter(prefix="/api/work-orders", tags=["work orders"])
Reader = Annotated[Principal, require("workorders.read")]


async def _source(request: Request) -> ChangeSource:
    """A person on a page, or a program with a token."""
    return ChangeSource.MANUAL if bearer_token(request) is None else ChangeSource.API


Source = Annotated[ChangeSource, Depends(_source)]


async def _wanted(  # noqa: PLR0913, PLR0917 - as many as a list can be narrowed by
    who: Reader,
    kind: WorkOrderKind | None = None,
    status: WorkOrderStatus | None = None,
    priority: Priority | None = None,
    room_label: RoomLabel | None = None,
    assigned_to: UUID | None = None,
    ticket_id: UUID | None = None,
    unassigned: Annotated[bool, Query(description="Only those that are nobody's yet.")] = False,  # noqa: FBT002 - a parameter of the address
) -> WorkOrderFilter:
    return WorkOrderFilter(
        kinds=work_orders.readable_kinds(who),
        opener=who.user_id,
        kind=kind,
        status=status,
        priority=priority,
        room_label=room_label,
        assigned_to=assigned_to,
        unassigned=unassigned,
        ticket_id=ticket_id,
    )


@router.get("")
async def list_orders(
    who: Reader,
    service: ServiceDep,
    wanted: Annotated[WorkOrderFilter, Depends(_wanted)],
    page: PageDep,
) -> PageOut[WorkOrderOut]:
    """Work orders of the kinds that the caller's department deals with, and the own ones, newest first."""
    async with service.db.transaction(who.hotel_id) as session:
        found = await store.newest(session, wanted, page)
    return PageOut(items=[WorkOrderOut.of(order) for order in found.items], next_cursor=found.next_cursor)


@router.post("", status_code=201, response_model=WorkOrderOut)
async def open_order(
    body: WorkOrderIn, who: Annotated[Principal, require("workorders.create")], source: Source, once: OnceDep
) -> Response:
    """The new work order; within ten minutes the same request again gives the first one, still unfinished."""
    draft = WorkOrderDraft(**body.model_dump())

    async def make(session: AsyncSession) -> WorkOrderOut:
        return WorkOrderOut.of(await work_orders.open_order(session, who, draft, source))

    return await once.create(who, make)


@router.get("/{work_order_id}")
async def read_order(
    work_order_id: UUID, who: Reader, service: ServiceDep, response: Response
) -> WorkOrderWithHistory:
    """The work order and how it came to be as it is."""
    async with service.db.transaction(who.hotel_id) as session:
        order = await work_orders.read(session, who, work_order_id)
        history = await work_orders.read_history(session, order)
    response.headers.update(etag(order.version))
    changes = [ChangeOut.of(change) for change in history]
    return WorkOrderWithHistory(**dict(WorkOrderOut.of(order)), history=changes)


@router.patch("/{work_order_id}", responses=refusals(Conflict))
async def change_order(  # noqa: PLR0913, PLR0917 - parts that FastAPI hands in
    work_order_id: UUID,
    body: WorkOrderPatch,
    who: Annotated[Principal, require("workorders.update")],
    version: IfMatchDep,
    service: ServiceDep,
    source: Source,
    response: Response,
) -> WorkOrderOut:
    """The work order after the change, which its history tells."""
    async with service.db.transaction(who.hotel_id) as session:
        order = await work_orders.change(session, who, work_order_id, version, body.told(), source)
    response.headers.update(etag(order.version))
    return WorkOrderOut.of(order)
