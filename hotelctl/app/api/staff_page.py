"""The page of those who work: what is theirs, what is nobody's, and which guests wait for a person."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.notices import Notice
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.failures import Conflict, PreconditionFailed
from hotelctl.app.domain.permissions import Department, department_of
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderStatus
from hotelctl.app.services import dashboards, work_orders
from hotelctl.app.services.assistant import inbox
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.store import chats
from hotelctl.app.store.direct import within

router = APIRouter(prefix="/staff", include_in_schema=False)
HERE = "/staff"
_SHOWN_CHATS = 20
_SAID = {
    "started": Notice("good", "said.started"),
    "done": Notice("good", "said.done"),
    "reopened": Notice("good", "said.reopened"),
    "meanwhile": Notice("warn", "said.meanwhile"),
    "taken": Notice("warn", "said.taken"),
    "resolved": Notice("good", "said.resolved"),
    "released": Notice("good", "said.released"),
}
_AFTER = {
    WorkOrderStatus.IN_PROGRESS: "started",
    WorkOrderStatus.DONE: "done",
    WorkOrderStatus.OPEN: "reopened",
}
Version = Annotated[int, Form(ge=1, le=2**31 - 1)]


@router.get("")
async def staff(
    request: Request,
    visitor: Annotated[Visitor, permitted("workorders.read")],
    service: ServiceDep,
    said: str = "",
) -> Response:
    """What the visitor has to do now."""
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        view = await dashboards.staff(within(session), who)
        mine = await chats.answered_by(session, visitor.staff_id, limit=_SHOWN_CHATS)
    unassigned = {
        visitor.t(f"department.{place}"): orders
        for place in Department
        if (orders := [order for order in view.unassigned_work_orders if department_of(order.kind) == place])
    }
    return page(
        request,
        "staff",
        viewer=visitor.viewer,
        view=view,
        my_chats=mine,
        unassigned=unassigned,
        clock=visitor.clock,
        said=_SAID.get(said),
    )


@router.post("/work-orders/{order_id}", dependencies=[MEANT])
async def move_order(
    order_id: UUID,
    visitor: Annotated[Visitor, permitted("workorders.update")],
    service: ServiceDep,
    status: Annotated[WorkOrderStatus, Form()],
    version: Version,
) -> Response:
    """The work order stands where it was moved to, unless somebody was faster."""
    who = visitor.who
    try:
        async with service.db.transaction(who.hotel_id) as session:
            changes = {"status": status}
            await work_orders.change(session, who, order_id, version, changes, ChangeSource.MANUAL)
    except (Conflict, PreconditionFailed):
        return back("meanwhile")
    return back(_AFTER.get(status, ""))


@router.post("/chats/{conversation_id}/takeover", dependencies=[MEANT])
async def take_over(
    conversation_id: UUID,
    visitor: Annotated[Visitor, permitted("conversations.takeover")],
    service: ServiceDep,
) -> Response:
    """The visitor answers this guest from now on and is led to the conversation."""
    try:
        async with service.db.transaction(visitor.who.hotel_id) as session:
            await inbox.take_over(session, conversation_id, Asker.of(visitor.who))
    except Conflict:
        return back("taken")
    return RedirectResponse(f"{HERE}/chats/{conversation_id}", 303)


def back(said: str) -> Response:
    """To the page, which says what came of it."""
    return RedirectResponse(f"{HERE}?said={said}" if said else HERE, 303)
