"""One work order on a page: what it asks for, what happened to it, and what the visitor may do with it."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.attempt import Attempt, refused
from hotelctl.app.api.edit_form import EditForm
from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.api.work_order_forms import WorkOrderPatch
from hotelctl.app.api.work_orders_page import HERE, assignees
from hotelctl.app.domain import work_orders as rules
from hotelctl.app.domain.texts import Texts
from hotelctl.app.domain.tickets import Priority
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderStatus
from hotelctl.app.services import ticket_talk, work_orders
from hotelctl.app.store import people, tickets
from hotelctl.app.store.tables import WorkOrder, WorkOrderHistory

router = APIRouter(prefix="/staff/work-orders/{order_id}", include_in_schema=False)
_SAID = {
    "opened": Notice("good", "orders.is_open"),
    "changed": Notice("good", "tickets.saved"),
}
_LATE = Notice("warn", "orders.late")
_CLOSED_WAY = Notice("warn", "said.meanwhile")


class OrderChange(EditForm):
    """The form that moves a work order on."""

    edited: ClassVar[tuple[str, ...]] = ("status", "priority", "assigned_to")
    optional: ClassVar[frozenset[str]] = frozenset({"assigned_to"})

    status: str = ""
    priority: str = ""
    assigned_to: str = ""
    was_status: str = ""
    was_priority: str = ""
    was_assigned_to: str = ""


def _wrong(t: Texts) -> dict[str, str]:
    return dict.fromkeys(OrderChange.edited, t("wrong.choose"))


@router.get("")
async def order(
    request: Request,
    order_id: UUID,
    visitor: Annotated[Visitor, permitted("workorders.read")],
    service: ServiceDep,
    said: str = "",
) -> Response:
    """The work order as it stands."""
    return await _page(request, service, visitor, order_id, Attempt(said=_SAID.get(said)))


@router.post("/change", dependencies=[MEANT])
async def change(
    request: Request,
    order_id: UUID,
    visitor: Annotated[Visitor, permitted("workorders.update")],
    service: ServiceDep,
    form: Annotated[OrderChange, Form()],
) -> Response:
    """What the person changed is so; who was slower than a colleague is shown both, and told so."""
    typed, given = form.meant(), form.given()
    attempt = Attempt(typed, faults(WorkOrderPatch, given, _wrong(visitor.t)), status=422)
    if not attempt.wrong:

        async def changed() -> None:
            changes, who = filled(WorkOrderPatch, given).told(), visitor.who
            async with service.db.transaction(who.hotel_id) as session:
                source = ChangeSource.MANUAL
                await work_orders.change(session, who, order_id, form.version, changes, source)

        why = await refused(changed(), visitor, typed, late=_LATE, closed=_CLOSED_WAY)
        if why is None:
            return RedirectResponse(f"{HERE}/{order_id}?said=changed", 303)
        attempt = why
    return await _page(request, service, visitor, order_id, attempt)


async def _page(
    request: Request, service: ServiceDep, visitor: Visitor, order_id: UUID, attempt: Attempt
) -> Response:
    async with service.db.transaction(visitor.who.hotel_id) as session:
        found = await work_orders.read(session, visitor.who, order_id)
        history = await work_orders.read_history(session, found)
        names = await people.names(session, _people(found, history))
        may_change = work_orders.may_change(visitor.who, found) and found.status != WorkOrderStatus.CANCELLED
        given_to = await assignees(session, visitor) if may_change else {}
        ticket = await tickets.find(session, found.ticket_id) if found.ticket_id else None
        chat = await ticket_talk.origin(session, found.conversation_id)
    before = OrderChange.before(found)
    statuses = _next_statuses(visitor.t, found)
    if given_to and found.assigned_to and before["assigned_to"] not in given_to:
        # Who has it now is among them, also after leaving.
        given_to[before["assigned_to"]] = names.get(found.assigned_to) or visitor.t("tickets.left")
    return page(
        request,
        "order",
        viewer=visitor.viewer,
        order=found,
        history=history,
        names=names,
        named={str(one): name for one, name in names.items()},
        ticket=ticket,
        chat=chat,
        may_change=may_change,
        is_final=found.status == WorkOrderStatus.CANCELLED,
        before=before,
        fields=_shown(before, attempt, statuses),
        next_statuses=statuses,
        priorities=visitor.t.choices("priority", Priority),
        given_to=given_to,
        wrong=attempt.wrong or {},
        said=attempt.said,
        clock=visitor.clock,
        status=attempt.status,
    )


def _people(found: WorkOrder, history: Iterable[WorkOrderHistory]) -> set[UUID]:
    """Whom the page names: who asked, who has it, who changed it, and whom it was given to."""
    changed = (one.changed.get("assigned_to", {}) for one in history)
    given = {UUID(value) for one in changed for value in one.values() if value}
    acted = {one.actor_id for one in history}
    return {one for one in acted | {found.created_by, found.assigned_to} if one} | given


def _shown(before: dict[str, str], attempt: Attempt, statuses: Mapping[str, str]) -> dict[str, Any]:
    """What the fields hold: what was sent, else what is."""
    fields = {**before, **(attempt.fields or {})}
    if fields["status"] not in statuses:
        # What a colleague's change has ruled out must not become the first of the list instead.
        fields["status"] = before["status"]
    return fields


def _next_statuses(t: Texts, found: WorkOrder) -> dict[str, str]:
    """Where the work order may go from here."""
    now = WorkOrderStatus(found.status)
    return t.choices("stage", [status for status in WorkOrderStatus if rules.may_become(now, status)])
