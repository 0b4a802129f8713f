"""Tickets over HTTP."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.api.idempotency import OnceDep
from hotelctl.app.api.paging import PageDep, PageOut
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.refusals import refusals
from hotelctl.app.api.require import Asking, reads, require
from hotelctl.app.api.texts import Category, RoomLabel
from hotelctl.app.api.ticket_forms import (
    CommentIn,
    CommentOut,
    TicketIn,
    TicketOut,
    TicketPatch,
    TicketWithComments,
)
from hotelctl.app.api.versions import IfMatchDep, etag
from hotelctl.app.domain.failures import Conflict
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.domain.tickets import Priority, TicketSource, TicketStatus
from hotelctl.app.services import tickets
from hotelctl.app.services.guest_data import shown_to
from hotelctl.app.services.tickets import TicketDraft
from hotelctl.app.store.tickets import TicketFilter

router = APIRouter(prefix="/api/tickets", tags=["tickets"])
Reader = Annotated[Principal, require("tickets.read")]


async def _wanted(
    status: TicketStatus | None = None,
    priority: Priority | None = None,
    category: Category | None = None,
    room_label: RoomLabel | None = None,
    assigned_to: UUID | None = None,
    overdue: Annotated[bool, Query(description="Only open ones whose time ran out.")] = False,  # noqa: FBT002 - a parameter of the address
) -> TicketFilter:
    return TicketFilter(
        status=status,
        priority=priority,
        category=category,
        room_label=room_label,
        assigned_to=assigned_to,
        overdue_at=datetime.now(UTC) if overdue else None,
    )


@router.get("")
async def list_tickets(
    reader: Annotated[Asking, reads("tickets.read")],
    service: ServiceDep,
    wanted: Annotated[TicketFilter, Depends(_wanted)],
    page: PageDep,
) -> PageOut[TicketOut]:
    """Tickets, newest first; a guest sees those of the own session."""
    found = await tickets.list_tickets(reader.asks, reader.who, wanted, page)
    async with shown_to(reader.who, service.db, "ticket") as guests:
        items = [TicketOut.of(ticket, guests) for ticket in found.items]
    return PageOut(items=items, next_cursor=found.next_cursor)


@router.post("", status_code=201, response_model=TicketOut, responses={200: {"model": TicketOut}})
async def open_ticket(
    body: TicketIn, who: Annotated[Principal, require("tickets.create")], once: OnceDep
) -> Response:
    """The new ticket; told again within ten minutes, the first one, if it is still open, with 200.

    The answer to a repeat with its `Idempotency-Key` leaves the guest's e-mail address out.
    """
    source = TicketSource.GUEST_WIDGET if who.kind is SubjectKind.GUEST else body.source
    draft = TicketDraft(**body.model_dump(exclude={"source"}), source=source)
    is_new = False

    async def make(session: AsyncSession) -> TicketOut:
        nonlocal is_new
        ticket = await tickets.open_ticket(session, who, draft)
        is_new = ticket.id == draft.id
        async with shown_to(who, session, "ticket") as guests:
            return TicketOut.of(ticket, guests)

    return await once.create(who, make, kept=TicketOut.without_contact, status=lambda: 201 if is_new else 200)


@router.get("/{ticket_id}")
async def read_ticket(
    ticket_id: UUID, who: Reader, service: ServiceDep, response: Response
) -> TicketWithComments:
    """The ticket and what was said on it; guests see the public part."""
    async with service.db.transaction(who.hotel_id) as session:
        ticket = await tickets.read(session, who, ticket_id)
        comments = await tickets.read_comments(session, who, ticket)
        async with shown_to(who, session, "ticket") as guests:
            shown = TicketOut.of(ticket, guests)
    response.headers.update(etag(ticket.version))
    said = [CommentOut.of(comment, who) for comment in comments]
    return TicketWithComments(**dict(shown), comments=said)


@router.patch("/{ticket_id}", responses=refusals(Conflict))
async def change_ticket(
    ticket_id: UUID,
    body: TicketPatch,
    who: Annotated[Principal, require("tickets.update")],
    version: IfMatchDep,
    service: ServiceDep,
    response: Response,
) -> TicketOut:
    """The ticket after the change. Staff changes what is assigned to it, supervisors everything."""
    async with service.db.transaction(who.hotel_id) as session:
        ticket = await tickets.change(session, who, ticket_id, version, body.told())
        async with shown_to(who, session, "ticket") as guests:
            shown = TicketOut.of(ticket, guests)
    response.headers.update(etag(ticket.version))
    return shown


@router.post(
    "/{ticket_id}/comments", status_code=201, response_model=CommentOut, responses=refusals(Conflict)
)
async def add_comment(ticket_id: UUID, body: CommentIn, who: Reader, once: OnceDep) -> Response:
    """The new comment; a guest's is public, staff's internal unless it says otherwise."""

    async def make(session: AsyncSession) -> CommentOut:
        comment = await tickets.comment(session, who, ticket_id, body.body, body.visibility)
        return CommentOut.of(comment, who)

    return await once.create(who, make)
