"""The hotel's tickets on a page, and the form that opens one."""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.form_page import form_page
from hotelctl.app.api.paging import PageDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.texts import LONGEST_NAME, LONGEST_ROOM
from hotelctl.app.api.ticket_forms import TicketIn
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain.texts import Texts
from hotelctl.app.domain.tickets import Priority
from hotelctl.app.services import tickets
from hotelctl.app.services.tickets import TicketDraft
from hotelctl.app.store import people
from hotelctl.app.store.direct import within
from hotelctl.app.store.tickets import TicketFilter

router = APIRouter(prefix="/staff/tickets", include_in_schema=False)
HERE = "/staff/tickets"
Text = Annotated[str, Form()]
Opener = Annotated[Visitor, permitted("tickets.create")]
_NEW = {"title": "", "description": "", "room_label": "", "guest_name": "", "priority": "MEDIUM"}


def _wrong(t: Texts) -> dict[str, str]:
    return {
        "title": t("wrong.title", least=3, most=180),
        "description": t("wrong.longest", most=5000),
        "room_label": t("codes.too_long", most=LONGEST_ROOM),
        "guest_name": t("people.wrong_name", most=LONGEST_NAME),
        "priority": t("wrong.choose"),
    }


class Which(StrEnum):
    """Which tickets the page shows."""

    OPEN = "open"
    MINE = "mine"
    LATE = "late"
    ALL = "all"

    def wanted(self, visitor: Visitor) -> TicketFilter:
        """What the list asks for."""
        match self:
            case Which.OPEN:
                return TicketFilter(is_open=True)
            case Which.MINE:
                return TicketFilter(is_open=True, assigned_to=visitor.staff_id)
            case Which.LATE:
                return TicketFilter(overdue_at=datetime.now(UTC))
            case Which.ALL:
                return TicketFilter()


@router.get("")
async def overview(
    request: Request,
    visitor: Annotated[Visitor, permitted("tickets.read")],
    service: ServiceDep,
    paging: PageDep,
    show: Which = Which.OPEN,
) -> Response:
    """The tickets, the newest first."""
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        found = await tickets.list_tickets(within(session), who, show.wanted(visitor), paging)
        names = await people.names(session, {one.assigned_to for one in found.items if one.assigned_to})
    return page(
        request,
        "tickets",
        viewer=visitor.viewer,
        found=found,
        is_first=paging.cursor is None,
        names=names,
        me=visitor.staff_id,
        show=show.value,
        choices=visitor.t.choices("which", Which),
        clock=visitor.clock,
    )


@router.get("/new")
async def new(request: Request, visitor: Opener) -> Response:
    """The empty form."""
    return form_page(request, visitor, "ticket_new", _NEW, priorities=visitor.t.choices("priority", Priority))


@router.post("/new", dependencies=[MEANT])
async def write(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    visitor: Opener,
    service: ServiceDep,
    title: Text = "",
    description: Text = "",
    room_label: Text = "",
    guest_name: Text = "",
    priority: Text = "MEDIUM",
) -> Response:
    """The ticket is open, or the form says what is wrong with it; the same form sent twice opens one."""
    typed = {"title": title, "description": description.replace("\r\n", "\n"), "priority": priority}
    typed |= {"room_label": room_label, "guest_name": guest_name}
    given = {name: value.strip() for name, value in typed.items() if value.strip()}
    wrong = faults(TicketIn, {"title": "", **given}, _wrong(visitor.t))
    if wrong:
        priorities = visitor.t.choices("priority", Priority)
        return form_page(request, visitor, "ticket_new", typed, wrong, priorities=priorities)
    draft = TicketDraft(**filled(TicketIn, given).model_dump())
    async with service.db.transaction(visitor.who.hotel_id) as session:
        opened = await tickets.open_ticket(session, visitor.who, draft)
    return RedirectResponse(f"{HERE}/{opened.id}?said=opened", 303)
