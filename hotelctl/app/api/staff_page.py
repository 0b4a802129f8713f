"""The page of those who work: what is theirs, what is nobody's, which guests wait, what is noted on rooms."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.notices import Notice
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.room_note_forms import LONGEST_NOTE
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.failures import Conflict, PreconditionFailed
from hotelctl.app.domain.permissions import Department, department_of
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderStatus
from hotelctl.app.services import dashboards, room_notes, work_orders
from hotelctl.app.services.assistant import inbox
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.service import Service
from hotelctl.app.store import chats, people
from hotelctl.app.store import room_notes as notes_store
from hotelctl.app.store.direct import within
from hotelctl.app.store.paging import Page
from hotelctl.app.store.tables import RoomNote

router = APIRouter(prefix="/staff", include_in_schema=False)
HERE = "/staff"
_SHOWN_CHATS = 20
_SHOWN_NOTES = 30
_NO_NOTE = {"room_label": "", "body": ""}
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
# Said where the notes are: the form leads there.
_SAID_OF_NOTES = {
    "noted": Notice("good", "notes.noted"),
    "removed": Notice("good", "notes.removed"),
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
    return await staff_view(request, service, visitor, said=said)


async def staff_view(
    request: Request,
    service: Service,
    visitor: Visitor,
    *,
    said: str = "",
    fields: Mapping[str, str] = MappingProxyType(_NO_NOTE),
    wrong: Mapping[str, str] = MappingProxyType({}),
) -> Response:
    """The page as it stands; 422 with the form of a note and what is `wrong` with it."""
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        view = await dashboards.staff(within(session), who)
        mine = await chats.answered_by(session, visitor.staff_id, limit=_SHOWN_CHATS)
        notes = await notes_store.newest(session, None, Page(_SHOWN_NOTES))
        names = await people.names(session, {one.author_user_id for one in notes.items if one.author_user_id})
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
        notes=_by_room(notes.items),
        more_notes=notes.next_cursor is not None,
        removable={note.id for note in notes.items if room_notes.may_remove(who, note)},
        names=names,
        longest_note=LONGEST_NOTE,
        fields=fields,
        wrong=wrong,
        clock=visitor.clock,
        said=_SAID.get(said),
        said_of_notes=_SAID_OF_NOTES.get(said),
        status=422 if wrong else 200,
    )


def _by_room(notes: Iterable[RoomNote]) -> dict[str, list[RoomNote]]:
    """Notes that come newest first, by room: first the room that something was noted on last."""
    rooms: dict[str, list[RoomNote]] = {}
    for note in notes:
        rooms.setdefault(note.room_label, []).append(note)
    return rooms


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
