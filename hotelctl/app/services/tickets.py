"""The rules of tickets: who may open, read and change one, and what a change brings with it.

Each function works in the caller's transaction, which is that of the caller's hotel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import tickets as rules
from hotelctl.app.domain.assistant.payment import redact_cards
from hotelctl.app.domain.failures import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Scope
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.domain.tickets import Priority, TicketSource, TicketStatus, Visibility
from hotelctl.app.services import ticket_talk
from hotelctl.app.store import audit, users
from hotelctl.app.store import tickets as store
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.direct import Asks
from hotelctl.app.store.paging import Found, Page
from hotelctl.app.store.tables import Ticket, TicketComment
from hotelctl.app.store.tickets import Matter, TicketFilter

MOST_COMMENTS = 200
# What a change is written down with; texts that may be private stay out of the audit trail.
_AUDITED = ("status", "priority", "category", "assigned_to", "sla_minutes", "room_label")


@dataclass(frozen=True, slots=True)
class TicketDraft:
    """What a new ticket is about, and the id that it will have."""

    title: str
    description: str = ""
    category: str | None = None
    priority: Priority = Priority.MEDIUM
    source: TicketSource = TicketSource.STAFF_PORTAL
    room_label: str | None = None
    guest_name: str | None = None
    guest_email: str | None = None
    assigned_to: UUID | None = None
    conversation_id: UUID | None = None
    sla_minutes: int | None = None
    id: UUID = field(default_factory=uuid7)
    is_own_matter: bool = False
    """Never the same as one that was opened before, whatever its title."""

    @property
    def is_by_assistant(self) -> bool:
        """Whether the assistant opens it, in the caller's name."""
        return self.source is TicketSource.AI_AGENT


async def open_ticket(session: AsyncSession, who: Principal, draft: TicketDraft) -> Ticket:
    """The new ticket; or the open one that is at most ten minutes old and about the same, told again.

    A guest's room is that of the session, whatever the draft says; card numbers are not kept. Raises
    Forbidden for what is not the caller's to choose, and Invalid for an assignee who is nobody of the house.
    """
    _check_choices(who, draft)
    draft = _without_cards(draft)
    await _check_assignee(session, draft.assigned_to)
    own_session = who.session_id if who.kind is SubjectKind.GUEST else None
    room_label = draft.room_label if own_session is None else who.room_label
    asked = (draft.category, draft.title, draft.guest_name, draft.guest_email)
    matter = Matter(own_session, who.user_id, room_label, *asked)
    await store.lock_numbers(session, who.hotel_id)
    now = datetime.now(UTC)
    known = None
    if not draft.is_own_matter:
        known = await store.same_matter(session, matter, now - rules.SAME_MATTER)
    if known is not None:
        await _tell_again(session, who, known, draft)
        return known
    minutes = draft.sla_minutes or rules.sla_minutes(draft.priority)
    ticket = Ticket(
        hotel_id=who.hotel_id,
        number=await store.next_number(session, who.hotel_id),
        **{name: getattr(draft, name) for name in TicketDraft.__slots__ if name not in _OVERRIDDEN},
        status=TicketStatus.OPEN,
        room_label=room_label,
        session_id=own_session,
        created_by=who.user_id,
        sla_minutes=minutes,
        created_at=now,
        due_at=rules.due_at(now, minutes),
        version=1,
    )
    session.add(ticket)
    await session.flush()
    made = Change(after=_shown(ticket))
    await audit.note(session, who, "ticket.create", _thing(ticket), made, by_assistant=draft.is_by_assistant)
    return ticket


_OVERRIDDEN = frozenset({"room_label", "sla_minutes", "is_own_matter"})


async def _tell_again(session: AsyncSession, who: Principal, ticket: Ticket, draft: TicketDraft) -> None:
    text = draft.description
    if text and text != ticket.description:
        visibility = Visibility.PUBLIC if who.kind is SubjectKind.GUEST else Visibility.INTERNAL
        await _say(session, who, ticket, text[:4000], visibility, by_assistant=draft.is_by_assistant)


async def list_tickets(asks: Asks, who: Principal, wanted: TicketFilter, page: Page) -> Found[Ticket]:
    """A page of the tickets that the caller may read, newest first; a guest's are the own session's."""
    return await store.newest(asks, replace(wanted, session_id=_own_session(who)), page)


async def read(session: AsyncSession, who: Principal, ticket_id: UUID) -> Ticket:
    """The ticket. Raises NotFound."""
    return await _find(session, who, ticket_id)


async def read_comments(session: AsyncSession, who: Principal, ticket: Ticket) -> Sequence[TicketComment]:
    """The last comments, oldest first; of internal ones a guest learns nothing."""
    visibility = Visibility.PUBLIC if who.kind is SubjectKind.GUEST else None
    return await store.comments(session, ticket.id, visibility=visibility, limit=MOST_COMMENTS)


async def change(
    session: AsyncSession, who: Principal, ticket_id: UUID, version: int, changes: Mapping[str, Any]
) -> Ticket:
    """The ticket after the change, of the next version if anything changed.

    Raises NotFound, Forbidden, PreconditionFailed for another version, Conflict for a way that is closed.
    """
    ticket = await _find(session, who, ticket_id, lock=True)
    _check_scope(who, ticket, "tickets.update")
    if ticket.version != version:
        raise PreconditionFailed
    texts = {name: _kept(name, text) for name, text in changes.items() if name in _LONGEST}
    meant: dict[str, Any] = {**changes, **texts}
    told = {name: value for name, value in meant.items() if getattr(ticket, name) != value}
    if not told:
        return ticket
    if ticket.status in rules.FINAL_STATUSES:
        raise Conflict
    if "assigned_to" in told:
        _check_scope(who, ticket, "tickets.assign")
        await _check_assignee(session, told["assigned_to"])
    before = _shown(ticket)
    if "status" in told:
        _move(who, ticket, TicketStatus(told.pop("status")))
    _set(ticket, told)
    ticket.version += 1
    await session.flush()
    await audit.note(session, who, "ticket.update", _thing(ticket), Change(before, _shown(ticket)))
    if ticket.status in rules.SETTLED_STATUSES:
        await ticket_talk.tell_resolution(session, who, ticket)
    return ticket


def _set(ticket: Ticket, told: Mapping[str, Any]) -> None:
    """The fields have these values; the time is that of the priority, unless somebody chose another one."""
    was_usual = ticket.sla_minutes == rules.sla_minutes(Priority(ticket.priority))
    for name, value in told.items():
        setattr(ticket, name, value)
    if "priority" in told and "sla_minutes" not in told and was_usual:
        ticket.sla_minutes = rules.sla_minutes(told["priority"])
    if ticket.sla_minutes is not None and {"priority", "sla_minutes"} & told.keys():
        ticket.due_at = rules.due_at(ticket.created_at, ticket.sla_minutes)


# The word that stands for a card number may be longer than the number.
_LONGEST = {"title": 180, "description": 5000, "resolution": 5000, "body": 4000}


def _without_cards(draft: TicketDraft) -> TicketDraft:
    title, description = _kept("title", draft.title), _kept("description", draft.description)
    return replace(draft, title=title, description=description)


def _kept(name: str, text: str) -> str:
    """The text as it is stored: without the numbers of cards."""
    return text and redact_cards(text)[0][: _LONGEST[name]]


def _move(who: Principal, ticket: Ticket, status: TicketStatus) -> None:
    if not rules.may_become(TicketStatus(ticket.status), status):
        raise Conflict
    if status in rules.FINAL_STATUSES:
        _check_scope(who, ticket, "tickets.close")
    now = datetime.now(UTC)
    if status is TicketStatus.RESOLVED:
        ticket.resolved_at = now
    elif ticket.status == TicketStatus.RESOLVED and status in rules.OPEN_STATUSES:
        ticket.resolved_at = None
    ticket.first_response_at = ticket.first_response_at or now
    ticket.status = status


async def comment(
    session: AsyncSession, who: Principal, ticket_id: UUID, body: str, visibility: Visibility | None
) -> TicketComment:
    """The new comment; a guest's is public, staff's is internal unless said otherwise.

    The first public word of staff is the first response; a guest's word ends the waiting for it.
    Raises NotFound, Forbidden for a guest's internal one, Conflict on a ticket that is closed.
    """
    ticket = await _find(session, who, ticket_id, lock=True)
    is_guest = who.kind is SubjectKind.GUEST
    visibility = visibility or (Visibility.PUBLIC if is_guest else Visibility.INTERNAL)
    if is_guest and visibility is Visibility.INTERNAL:
        raise Forbidden
    if ticket.status in rules.FINAL_STATUSES:
        raise Conflict
    return await _say(session, who, ticket, body, visibility)


async def _say(
    session: AsyncSession,
    who: Principal,
    ticket: Ticket,
    body: str,
    visibility: Visibility,
    *,
    by_assistant: bool = False,
) -> TicketComment:
    is_guest = who.kind is SubjectKind.GUEST
    if is_guest and ticket.status == TicketStatus.WAITING_RESPONSE:
        ticket.status = TicketStatus.IN_PROGRESS
        ticket.version += 1
    if not is_guest and visibility is Visibility.PUBLIC:
        ticket.first_response_at = ticket.first_response_at or datetime.now(UTC)
    said = _comment(who, ticket, _kept("body", body), visibility)
    session.add(said)
    await session.flush()
    after = {"comment_id": str(said.id), "visibility": visibility.value}
    told = Change(after=after)
    await audit.note(session, who, "ticket.comment", _thing(ticket), told, by_assistant=by_assistant)
    if not is_guest and visibility is Visibility.PUBLIC:
        await ticket_talk.tell_word(session, who, ticket, said.id, said.body)
    return said


def _comment(who: Principal, ticket: Ticket, body: str, visibility: Visibility) -> TicketComment:
    return TicketComment(
        id=uuid7(),
        hotel_id=who.hotel_id,
        ticket_id=ticket.id,
        author_kind=who.kind.value,
        author_user_id=who.user_id,
        visibility=visibility,
        body=body,
        created_at=datetime.now(UTC),
    )


def _own_session(who: Principal) -> UUID | None:
    return who.session_id if who.scope("tickets.read") is not Scope.ALL else None


async def _find(session: AsyncSession, who: Principal, ticket_id: UUID, *, lock: bool = False) -> Ticket:
    ticket = await store.find(session, ticket_id, lock=lock)
    own = _own_session(who)
    if ticket is None or (own is not None and ticket.session_id != own):
        raise NotFound
    return ticket


def reaches(who: Principal, ticket: Ticket, permission: str) -> bool:
    """Whether the permission is held and reaches this ticket."""
    scope = who.scope(permission)
    return scope is Scope.ALL or (scope is Scope.ASSIGNED and ticket.assigned_to == who.user_id)


def _check_scope(who: Principal, ticket: Ticket, permission: str) -> None:
    """Raises Forbidden unless the permission reaches this ticket."""
    if not reaches(who, ticket, permission):
        raise Forbidden


def _check_choices(who: Principal, draft: TicketDraft) -> None:
    """Raises Forbidden for a guest's own priority or time, and for an assignee beyond the caller's scope."""
    chosen = draft.priority is not Priority.MEDIUM or draft.sla_minutes is not None
    # What the assistant opens for a guest has the priority that its rules give.
    if chosen and who.kind is SubjectKind.GUEST and draft.source is not TicketSource.AI_AGENT:
        raise Forbidden
    # Assigned to who opens it, a new ticket is within the scope of what is assigned to the caller.
    if who.scope("tickets.assign") is not Scope.ALL and draft.assigned_to not in {None, who.user_id}:
        raise Forbidden


async def _check_assignee(session: AsyncSession, user_id: UUID | None) -> None:
    """Raises Invalid for nobody of the house."""
    if user_id is not None and not await users.can_be_assigned(session, user_id):
        raise Invalid(("body", "assigned_to"), "is no active user of this hotel")


def _thing(ticket: Ticket) -> Thing:
    return Thing("ticket", ticket.id)


def _shown(ticket: Ticket) -> dict[str, Any]:
    return {
        name: str(value) if isinstance(value, UUID) else value
        for name in _AUDITED
        if (value := getattr(ticket, name)) is not None
    }
