"""The fixed views that the assistant reads: a guest's own requests; for staff tickets and work in a room.

What was looked for, by whom, and what of it there was stands in the audit trail before anybody is told.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.assistant.phrases import Say, say, shown_title, standing_word
from hotelctl.app.domain.assistant.staff_phrases import Tell, state, tell
from hotelctl.app.domain.assistant.standing import (
    Standing,
    View,
    asks_for_own,
    asks_for_room,
    ticket_number,
)
from hotelctl.app.domain.assistant.wording import fold
from hotelctl.app.domain.principal import Principal
from hotelctl.app.domain.tickets import OPEN_STATUSES
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import Decision
from hotelctl.app.services.assistant.reading import Reading
from hotelctl.app.services.noted_reads import note_read
from hotelctl.app.services.work_orders import readable_kinds
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import Ticket, WorkOrder

LOOK_UP = "assistant.look_up"
_PERMISSION = "tickets.read"
_MOST = 5
_OPEN_ORDER = ("open", "in_progress")
# What comes first whatever else a message holds.
_NOT_WITH = frozenset({Flag.EMERGENCY, Flag.PRIVACY_REQUEST, Flag.INJECTION_SUSPECT})


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was asked for, what of it there was, and how that is told."""

    asked: dict[str, Any]
    found: Sequence[Ticket | WorkOrder]
    text: str

    def event(self) -> tuple[Thing, Change]:
        """What the trail says: of which thing, or of how many and which; nothing of what is in them."""
        ids = [one.id for one in self.found]
        kinds = {"ticket" if isinstance(one, Ticket) else "work_order" for one in self.found}
        kind = kinds.pop() if len(kinds) == 1 else "request"
        if len(ids) == 1:
            return Thing(kind, ids[0]), Change(after=self.asked)
        counted = {"count": len(ids), "ids": [str(one) for one in ids]}
        return Thing(kind, None), Change(after={**self.asked, **counted})


_Look = Callable[[AsyncSession], Awaitable[_Seen]]


def is_look_up(reading: Reading, asker: Asker) -> bool:
    """Whether the message asks how something stands, which the asker may read."""
    return _view(reading, asker) is not None


async def look_up(session: AsyncSession, reading: Reading, asker: Asker) -> Decision | None:
    """How that stands which the message asks for, as far as the asker may read it.

    Raises Unavailable where the audit trail cannot say so.
    """
    view = _view(reading, asker)
    if view is None or asker.who is None:
        return None
    seen = await view(session)
    await note_read(session, asker.who, LOOK_UP, *seen.event(), by_assistant=True)
    return Decision(seen.text)


def _view(reading: Reading, asker: Asker) -> _Look | None:
    if asker.who is None or _NOT_WITH & reading.flags or _PERMISSION not in asker.permissions:
        return None
    folded = fold(reading.text)
    number = ticket_number(folded)
    if asker.is_guest:
        asked = number is not None or (asks_for_own(folded) and not reading.intent.wishes)
        if asker.session_id is None or not asked:
            return None
        return partial(_own, session_id=asker.session_id, number=number, language=reading.language)
    if number is not None:
        return partial(_ticket, number=number, language=reading.language)
    wanted = None if reading.intent.wishes else asks_for_room(folded)
    return None if wanted is None else _in_room(*wanted, asker, asker.who, reading.language)


def _in_room(what: View, room: str, asker: Asker, who: Principal, language: str) -> _Look | None:
    if what is View.TICKETS:
        return partial(_room_tickets, room=room, language=language)
    if "workorders.read" not in asker.permissions:
        return None
    return partial(_room_orders, kinds=readable_kinds(who), room=room, language=language)


async def _own(session: AsyncSession, session_id: UUID, number: int | None, language: str) -> _Seen:
    """The newest requests of the guest's own session, or the one with this number; of others, nothing."""
    tickets = select(Ticket).where(Ticket.session_id == session_id).order_by(Ticket.id.desc()).limit(_MOST)
    orders = select(WorkOrder).where(WorkOrder.session_id == session_id)
    found: list[Ticket | WorkOrder] = []
    if number is None:
        found += await session.scalars(orders.order_by(WorkOrder.id.desc()).limit(_MOST))
    else:
        tickets = tickets.where(Ticket.number == number)
    found += await session.scalars(tickets)
    newest = sorted(found, key=lambda one: one.created_at, reverse=True)[:_MOST]
    wanted: dict[str, Any] = {"asked": View.OWN_REQUESTS} if number is None else _by_number(number)
    titles = "; ".join(_told(one, language) for one in newest)
    text = say(Say.REQUESTS if newest else Say.NO_REQUESTS, language, titles=titles)
    return _Seen(wanted, newest, text)


def _by_number(number: int) -> dict[str, Any]:
    return {"asked": View.TICKET, "number": number}


def _told(request: Ticket | WorkOrder, language: str) -> str:
    if isinstance(request, Ticket):
        name = f"#{request.number} {request.title}"
    else:
        # What the assistant ordered has its topic as category.
        name = shown_title(request.category or "", language, request.title)
    return f"{name} ({standing_word(Standing.of(request.status), language)})"


async def _ticket(session: AsyncSession, number: int, language: str) -> _Seen:
    found = (await session.scalars(select(Ticket).where(Ticket.number == number))).all()
    return _Seen(_by_number(number), found, _ticket_text(found[0] if found else None, number, language))


def _ticket_text(ticket: Ticket | None, number: int, language: str) -> str:
    if ticket is None:
        return tell(Tell.NO_TICKET if number else Tell.NO_SUCH_TICKET, language, number=number)
    sentence = Tell.TICKET_IN_ROOM if ticket.room_label else Tell.TICKET
    how = state(ticket.status, ticket.priority, language)
    return tell(sentence, language, number=number, title=ticket.title, room=ticket.room_label, state=how)


async def _room_tickets(session: AsyncSession, room: str, language: str) -> _Seen:
    tickets = select(Ticket).where(func.lower(Ticket.room_label) == room, Ticket.status.in_(OPEN_STATUSES))
    found = (await session.scalars(tickets.order_by(Ticket.id).limit(_MOST))).all()
    sentence = Tell.TICKETS if found else Tell.NO_TICKETS
    return _Seen(
        {"asked": View.TICKETS, "room_label": room}, found, _room_text(sentence, room, found, language)
    )


async def _room_orders(session: AsyncSession, kinds: frozenset[str], room: str, language: str) -> _Seen:
    """What is open in the room of the kinds that the asker deals with."""
    orders = select(WorkOrder).where(
        func.lower(WorkOrder.room_label) == room,
        WorkOrder.status.in_(_OPEN_ORDER),
        WorkOrder.kind.in_(kinds),
    )
    found = (await session.scalars(orders.order_by(WorkOrder.id).limit(_MOST))).all()
    sentence = Tell.WORK_ORDERS if found else Tell.NO_WORK_ORDERS
    wanted = {"asked": View.WORK_ORDERS, "room_label": room}
    return _Seen(wanted, found, _room_text(sentence, room, found, language))


def _room_text(sentence: Tell, room: str, found: Sequence[Ticket | WorkOrder], language: str) -> str:
    titles = "; ".join(f"{one.title} ({state(one.status, one.priority, language)})" for one in found)
    return tell(sentence, language, room=room, titles=titles)
