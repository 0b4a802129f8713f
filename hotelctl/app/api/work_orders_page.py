"""The hotel's work orders on a page, and the form that opens one."""

from enum import StrEnum
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.moments import typed_moment
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.texts import LONGEST_ROOM
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.api.work_order_forms import WorkOrderIn
from hotelctl.app.domain.failures import Invalid
from hotelctl.app.domain.periods import zone
from hotelctl.app.domain.texts import Texts
from hotelctl.app.domain.tickets import Priority
from hotelctl.app.domain.work_orders import LONGEST_DETAILS, ChangeSource, WorkOrderKind, WorkOrderStatus
from hotelctl.app.services import work_orders
from hotelctl.app.services.work_orders import WorkOrderDraft
from hotelctl.app.store import people, users
from hotelctl.app.store import work_orders as store
from hotelctl.app.store.work_orders import WorkOrderFilter

router = APIRouter(prefix="/staff/work-orders", include_in_schema=False)
HERE = "/staff/work-orders"
Opener = Annotated[Visitor, permitted("workorders.create")]


class WhichOrders(StrEnum):
    """Which work orders the page shows."""

    OPEN = "open"
    MINE = "mine"
    FREE = "free"
    DONE = "done"
    ALL = "all"

    def wanted(self, visitor: Visitor) -> WorkOrderFilter:
        """What the list asks for, as far as the visitor deals with it or asked for it."""
        return WorkOrderFilter(
            kinds=work_orders.readable_kinds(visitor.who),
            opener=visitor.staff_id,
            is_open=self in {WhichOrders.OPEN, WhichOrders.MINE, WhichOrders.FREE},
            assigned_to=visitor.staff_id if self is WhichOrders.MINE else None,
            unassigned=self is WhichOrders.FREE,
            status=WorkOrderStatus.DONE if self is WhichOrders.DONE else None,
        )


class OrderForm(BaseModel):
    """The fields of a new work order as they are typed."""

    kind: str = WorkOrderKind.HOUSEKEEPING.value
    title: str = ""
    details: str = ""
    room_label: str = ""
    priority: str = Priority.MEDIUM.value
    assigned_to: str = ""
    due_at: str = ""

    def given(self, visitor: Visitor) -> dict[str, Any]:
        """The work order as the API takes it."""
        typed = {name: value.replace("\r\n", "\n").strip() for name, value in self.model_dump().items()}
        told = {name: value for name, value in typed.items() if value}
        due_at = typed_moment(self.due_at, zone(visitor.hotel.timezone))
        return {"title": "", **told, **({"due_at": due_at} if due_at else {})}


def _wrong(t: Texts) -> dict[str, str]:
    return {
        **dict.fromkeys(("kind", "priority", "assigned_to"), t("wrong.choose")),
        "title": t("wrong.title", least=3, most=180),
        "details": t("wrong.longest", most=LONGEST_DETAILS),
        "room_label": t("codes.too_long", most=LONGEST_ROOM),
        "due_at": t("orders.wrong_due"),
    }


@router.get("")
async def overview(
    request: Request,
    visitor: Annotated[Visitor, permitted("workorders.read")],
    service: ServiceDep,
    paging: PageDep,
    show: WhichOrders = WhichOrders.OPEN,
) -> Response:
    """The work orders, the newest first."""
    async with service.db.transaction(visitor.who.hotel_id) as session:
        found = await store.newest(session, show.wanted(visitor), paging)
        names = await people.names(session, {one.assigned_to for one in found.items if one.assigned_to})
    return page(
        request,
        "orders",
        viewer=visitor.viewer,
        found=found,
        is_first=paging.cursor is None,
        names=names,
        me=visitor.staff_id,
        show=show.value,
        may_open=visitor.who.may("workorders.create"),
        choices=visitor.t.choices("which_orders", WhichOrders),
        clock=visitor.clock,
    )


@router.get("/new")
async def new(request: Request, visitor: Opener, service: ServiceDep) -> Response:
    """The empty form."""
    return await _form(request, visitor, service, OrderForm())


@router.post("/new", dependencies=[MEANT])
async def write(
    request: Request, visitor: Opener, service: ServiceDep, form: Annotated[OrderForm, Form()]
) -> Response:
    """The work order is open, or the form says what is wrong with it; the same form sent twice opens one."""
    given = form.given(visitor)
    wrong = faults(WorkOrderIn, given, _wrong(visitor.t))
    if wrong:
        return await _form(request, visitor, service, form, wrong)
    draft = WorkOrderDraft(**filled(WorkOrderIn, given).model_dump())
    try:
        async with service.db.transaction(visitor.who.hotel_id) as session:
            opened = await work_orders.open_order(session, visitor.who, draft, ChangeSource.MANUAL)
    except Invalid:
        return await _form(request, visitor, service, form, {"assigned_to": visitor.t("tickets.not_here")})
    return RedirectResponse(f"{HERE}/{opened.id}?said=opened", 303)


async def _form(
    request: Request,
    visitor: Visitor,
    service: ServiceDep,
    form: OrderForm,
    wrong: dict[str, str] | None = None,
) -> Response:
    async with service.db.transaction(visitor.who.hotel_id) as session:
        given_to = await assignees(session, visitor)
    return form_page(
        request,
        visitor,
        "order_new",
        form.model_dump(),
        wrong,
        kinds=visitor.t.choices("kind", WorkOrderKind),
        priorities=visitor.t.choices("priority", Priority),
        given_to=given_to,
        longest=LONGEST_DETAILS,
    )


async def assignees(session: AsyncSession, visitor: Visitor) -> dict[str, str]:
    """Whom the visitor may give work to; nobody where that is not the visitor's to say."""
    if not visitor.who.may("workorders.assign"):
        return {}
    active = {str(user.id): user.display_name or user.email for user in await users.active(session)}
    return {"": visitor.t("tickets.nobody_chosen"), **active}
