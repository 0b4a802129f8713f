"""One ticket on a page: what it is about, what happened to it, and what the visitor may do with it."""

from collections.abc import Mapping
from typing import Annotated, Any, ClassVar
from uuid import UUID

from fastapi import APIRouter, Form, Request
from sqlalchemy.ext.asyncio import AsyncSession
from starlette.responses import RedirectResponse, Response

from hotelctl.app.api.attempt import Attempt, refused
from hotelctl.app.api.edit_form import EditForm
from hotelctl.app.api.form_faults import faults, filled
from hotelctl.app.api.notices import Notice
from hotelctl.app.api.once_form import OnceFormDep
from hotelctl.app.api.parts import ServiceDep
from hotelctl.app.api.rendering import page
from hotelctl.app.api.ticket_forms import CommentIn, TicketPatch
from hotelctl.app.api.tickets_page import HERE
from hotelctl.app.api.visitors import MEANT, Visitor, permitted
from hotelctl.app.domain import tickets as rules
from hotelctl.app.domain.failures import Conflict, Invalid
from hotelctl.app.domain.texts import Texts
from hotelctl.app.domain.tickets import Priority, TicketStatus, Visibility
from hotelctl.app.services import ticket_history, ticket_talk, tickets
from hotelctl.app.services.guest_data import shown_to
from hotelctl.app.services.service import Service
from hotelctl.app.store import people, users
from hotelctl.app.store.tables import Ticket

router = APIRouter(prefix="/staff/tickets/{ticket_id}", include_in_schema=False)
Reader = Annotated[Visitor, permitted("tickets.read")]
Text = Annotated[str, Form()]
_SAID = {
    "opened": Notice("good", "tickets.is_open"),
    "changed": Notice("good", "tickets.saved"),
    "added": Notice("good", "tickets.added"),
}
_LATE = Notice("warn", "tickets.late")
_CLOSED_WAY = Notice("warn", "tickets.too_late")


def _wrong(t: Texts) -> dict[str, str]:
    chosen = dict.fromkeys(("status", "priority", "assigned_to", "visibility"), t("wrong.choose"))
    return {
        **chosen,
        "resolution": t("wrong.longest", most=5000),
        "body": t("tickets.word", most=4000),
    }


class TicketChange(EditForm):
    """The form that moves a ticket on."""

    edited: ClassVar[tuple[str, ...]] = ("status", "priority", "assigned_to", "resolution")
    optional: ClassVar[frozenset[str]] = frozenset({"assigned_to", "resolution"})

    status: str = ""
    priority: str = ""
    assigned_to: str = ""
    resolution: str = ""
    was_status: str = ""
    was_priority: str = ""
    was_assigned_to: str = ""
    was_resolution: str = ""


@router.get("")
async def ticket(
    request: Request, ticket_id: UUID, visitor: Reader, service: ServiceDep, said: str = ""
) -> Response:
    """The ticket as it stands."""
    return await _page(request, service, visitor, ticket_id, Attempt(said=_SAID.get(said)))


@router.post("", dependencies=[MEANT])
async def change(
    request: Request,
    ticket_id: UUID,
    visitor: Annotated[Visitor, permitted("tickets.update")],
    service: ServiceDep,
    form: Annotated[TicketChange, Form()],
) -> Response:
    """What the person changed is so; who was slower than a colleague is shown both, and told so."""
    typed, given = form.meant(), form.given()
    attempt = Attempt(typed, faults(TicketPatch, given, _wrong(visitor.t)), status=422)
    if not attempt.wrong:

        async def changed() -> None:
            changes = filled(TicketPatch, given).told()
            async with service.db.transaction(visitor.who.hotel_id) as session:
                await tickets.change(session, visitor.who, ticket_id, form.version, changes)

        why = await refused(changed(), visitor, typed, late=_LATE, closed=_CLOSED_WAY)
        if why is None:
            return _back(ticket_id, "changed")
        attempt = why
    return await _page(request, service, visitor, ticket_id, attempt)


@router.post("/comments", dependencies=[MEANT])
async def comment(  # noqa: PLR0913, PLR0917 - the fields of the form
    request: Request,
    ticket_id: UUID,
    visitor: Reader,
    service: ServiceDep,
    once: OnceFormDep,
    body: Text = "",
    visibility: Text = Visibility.INTERNAL.value,
) -> Response:
    """The word stands on the ticket, once; the guest reads it only where that was chosen."""
    typed = {"body": body.replace("\r\n", "\n"), "visibility": visibility}
    attempt = Attempt(typed, faults(CommentIn, typed, _wrong(visitor.t)), status=422)
    if not attempt.wrong:
        said = filled(CommentIn, typed)
        try:
            async with service.db.transaction(visitor.who.hotel_id) as session:
                await _check_reader(session, visitor, ticket_id, said)
                if await once.begin(session, visitor.who):
                    await tickets.comment(session, visitor.who, ticket_id, said.body, said.visibility)
            return _back(ticket_id, "added")
        except Invalid as failure:
            nobody = {"visibility": visitor.t("tickets.no_reader")}
            attempt = Attempt(typed, nobody, status=failure.status)
        except Conflict as failure:
            attempt = Attempt(said=_CLOSED_WAY, status=failure.status)
    return await _page(request, service, visitor, ticket_id, attempt)


async def _check_reader(session: AsyncSession, visitor: Visitor, ticket_id: UUID, said: CommentIn) -> None:
    """Raises Invalid for a word to a guest who has no conversation to read it in."""
    if said.visibility is Visibility.PUBLIC:
        found = await tickets.read(session, visitor.who, ticket_id)
        if await ticket_talk.reader(session, found.conversation_id) is None:
            raise Invalid(("body", "visibility"), "has no reader")


def _back(ticket_id: UUID, said: str) -> Response:
    return RedirectResponse(f"{HERE}/{ticket_id}?said={said}", 303)


async def _page(
    request: Request, service: Service, visitor: Visitor, ticket_id: UUID, attempt: Attempt
) -> Response:
    who = visitor.who
    async with service.db.transaction(who.hotel_id) as session:
        found = await tickets.read(session, who, ticket_id)
        entries = await ticket_history.history(session, who, found)
        involved = {one for one in (found.assigned_to, found.created_by) if one}
        names = await people.names(session, ticket_history.people_in(entries) | involved)
        is_final = found.status in rules.FINAL_STATUSES
        may_change = tickets.reaches(who, found, "tickets.update") and not is_final
        reader = await ticket_talk.reader(session, found.conversation_id)
        given_to = await _assignees(session, visitor, found, names) if may_change else {}
        async with shown_to(who, session, "ticket") as guests:
            guest_email = guests.value(found.id, "guest_email", found.guest_email)
    statuses = _next_statuses(visitor, found)
    return page(
        request,
        "ticket",
        viewer=visitor.viewer,
        ticket=found,
        entries=entries,
        names=names,
        may_change=may_change,
        is_final=is_final,
        guest_email=guest_email,
        next_statuses=statuses,
        priorities=visitor.t.choices("priority", Priority),
        given_to=given_to,
        guest_reads=reader is not None,
        before=TicketChange.before(found),
        fields=_shown(found, attempt, statuses),
        wrong=attempt.wrong or {},
        said=attempt.said,
        clock=visitor.clock,
        status=attempt.status,
    )


def _shown(found: Ticket, attempt: Attempt, statuses: Mapping[str, str]) -> dict[str, Any]:
    """What the fields of both forms hold: what was sent, else what is."""
    fields: dict[str, Any] = {**TicketChange.before(found), "body": "", "visibility": "INTERNAL"}
    fields |= attempt.fields or {}
    if fields["status"] not in statuses:
        # What a colleague's change has ruled out must not become the first of the list instead.
        fields["status"] = found.status
    return fields


def _next_statuses(visitor: Visitor, found: Ticket) -> dict[str, str]:
    """Where the ticket may go from here; ends only for who may close it."""
    may_close = tickets.reaches(visitor.who, found, "tickets.close")
    reached = [
        status
        for status in TicketStatus
        if rules.may_become(TicketStatus(found.status), status)
        and (may_close or status not in rules.FINAL_STATUSES)
    ]
    return visitor.t.choices("status", reached)


async def _assignees(
    session: AsyncSession, visitor: Visitor, found: Ticket, names: Mapping[UUID, str]
) -> dict[str, str]:
    """Whom the visitor may give the ticket to; who has it now is among them, also after leaving."""
    if not tickets.reaches(visitor.who, found, "tickets.assign"):
        return {}
    active = {str(user.id): user.display_name for user in await users.active(session)}
    has_it = {str(one): name for one, name in names.items() if one == found.assigned_to}
    return {"": visitor.t("tickets.nobody_chosen"), **has_it, **active}
