"""The fixed views that the assistant reads: a guest's own requests; for staff tickets and work in a room."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.assistant.guard import Flag
from hotelctl.app.domain.assistant.phrases import Say, say, shown_title, standing_word
from hotelctl.app.domain.assistant.standing import Standing, asks_for_own, asks_for_room, ticket_number
from hotelctl.app.domain.assistant.wording import fold
from hotelctl.app.domain.tickets import OPEN_STATUSES
from hotelctl.app.services.assistant.asker import Asker
from hotelctl.app.services.assistant.decision import Decision
from hotelctl.app.services.assistant.reading import Reading
from hotelctl.app.services.work_orders import readable_kinds
from hotelctl.app.store.tables import Ticket, WorkOrder

_PERMISSION = "tickets.read"
_MOST = 5
_OPEN_ORDER = ("open", "in_progress")
# What comes first whatever else a message holds.
_NOT_WITH = frozenset({Flag.EMERGENCY, Flag.PRIVACY_REQUEST, Flag.INJECTION_SUSPECT})


async def look_up(session: AsyncSession, reading: Reading, asker: Asker) -> Decision | None:
    """How that stands which the message asks for, as far as the asker may read it."""
    if _NOT_WITH & reading.flags or _PERMISSION not in asker.permissions:
        return None
    folded = fold(reading.text)
    if asker.is_guest:
        return await _own(session, folded, reading, asker.session_id)
    number = ticket_number(folded)
    if number is not None:
        return await _ticket(session, number)
    wanted = None if reading.intent.wishes else asks_for_room(folded)
    return await _room(session, asker, *wanted) if wanted else None


async def _own(
    session: AsyncSession, folded: str, reading: Reading, session_id: UUID | None
) -> Decision | None:
    """The newest requests of the guest's own session, or the one with this number; of others, nothing."""
    number = ticket_number(folded)
    asked = number is not None or (asks_for_own(folded) and not reading.intent.wishes)
    if session_id is None or not asked:
        return None
    tickets = select(Ticket).where(Ticket.session_id == session_id).order_by(Ticket.id.desc()).limit(_MOST)
    orders = select(WorkOrder).where(WorkOrder.session_id == session_id)
    found: list[Ticket | WorkOrder] = []
    if number is None:
        found += await session.scalars(orders.order_by(WorkOrder.id.desc()).limit(_MOST))
    else:
        tickets = tickets.where(Ticket.number == number)
    found += await session.scalars(tickets)
    newest = sorted(found, key=lambda one: one.created_at, reverse=True)[:_MOST]
    if not newest:
        return Decision(say(Say.NO_REQUESTS, reading.language))
    titles = "; ".join(_told(one, reading.language) for one in newest)
    return Decision(say(Say.REQUESTS, reading.language, titles=titles))


def _told(request: Ticket | WorkOrder, language: str) -> str:
    if isinstance(request, Ticket):
        name = f"#{request.number} {request.title}"
    else:
        # What the assistant ordered has its topic as category.
        name = shown_title(request.category or "", language, request.title)
    return f"{name} ({standing_word(Standing.of(request.status), language)})"


async def _ticket(session: AsyncSession, number: int) -> Decision:
    ticket = (await session.scalars(select(Ticket).where(Ticket.number == number))).one_or_none()
    if ticket is None:
        return Decision(f"There is no ticket {number}." if number else "There is no such ticket.")
    room = f", room {ticket.room_label}" if ticket.room_label else ""
    return Decision(f"Ticket {number}: {ticket.title}{room}. {_state(ticket)}.")


def _state(thing: Ticket | WorkOrder) -> str:
    return f"{thing.status.lower().replace('_', ' ')}, priority {thing.priority.lower()}"


async def _room(session: AsyncSession, asker: Asker, what: str, room: str) -> Decision | None:
    """What is open in the room: tickets, or the work orders of the kinds that the asker deals with."""
    found: Sequence[Ticket | WorkOrder]
    if what == "tickets":
        tickets = select(Ticket).where(
            func.lower(Ticket.room_label) == room, Ticket.status.in_(OPEN_STATUSES)
        )
        found = (await session.scalars(tickets.order_by(Ticket.id).limit(_MOST))).all()
    elif asker.who is None or "workorders.read" not in asker.permissions:
        return None
    else:
        orders = select(WorkOrder).where(
            func.lower(WorkOrder.room_label) == room,
            WorkOrder.status.in_(_OPEN_ORDER),
            WorkOrder.kind.in_(readable_kinds(asker.who)),
        )
        found = (await session.scalars(orders.order_by(WorkOrder.id).limit(_MOST))).all()
    name = what.replace("_", " ")
    if not found:
        return Decision(f"There are no open {name} for room {room}.")
    return Decision(
        f"Open {name} for room {room}: " + "; ".join(f"{one.title} ({_state(one)})" for one in found) + "."
    )
