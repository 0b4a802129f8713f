"""Tickets and work orders as the assistant makes them: each with its history, in the caller's transaction."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.store import tickets
from hotelctl.app.store.tables import Ticket, TicketComment, WorkOrder, WorkOrderHistory

_SAME_MATTER_FOR = text("interval '10 minutes'")
_OPEN_TICKET = ("OPEN", "IN_PROGRESS", "WAITING_RESPONSE")
_OPEN_ORDER = ("open", "in_progress")
_DETAILS_LENGTH = 4000


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked for through the assistant; `request_id` becomes the id of what is made."""

    request_id: UUID
    hotel_id: UUID
    conversation_id: UUID
    session_id: UUID | None
    user_id: UUID | None
    room_label: str | None
    guest_name: str | None
    topic: str
    category: str
    title: str
    details: str
    urgent: bool = False


def _same_place(table: type[Ticket | WorkOrder], request: Request) -> ColumnElement[bool]:
    if request.room_label is not None:
        return table.room_label == request.room_label
    return table.conversation_id == request.conversation_id


async def open_ticket(session: AsyncSession, request: Request) -> UUID | None:
    """The open ticket of the same matter and place, made in the last ten minutes."""
    chosen = select(Ticket.id).where(
        Ticket.category == request.category,
        Ticket.status.in_(_OPEN_TICKET),
        Ticket.created_at > func.now() - _SAME_MATTER_FOR,
        _same_place(Ticket, request),
    )
    return await session.scalar(chosen.order_by(Ticket.created_at.desc()).limit(1))


async def open_work_order(session: AsyncSession, request: Request) -> UUID | None:
    """The open work order of the same topic and place, made in the last ten minutes."""
    chosen = select(WorkOrder.id).where(
        WorkOrder.category == request.topic,
        WorkOrder.status.in_(_OPEN_ORDER),
        WorkOrder.created_at > func.now() - _SAME_MATTER_FOR,
        _same_place(WorkOrder, request),
    )
    return await session.scalar(chosen.order_by(WorkOrder.created_at.desc()).limit(1))


async def make_ticket(session: AsyncSession, request: Request) -> int:
    """The number of the new ticket."""
    await tickets.lock_numbers(session, request.hotel_id)
    number = await tickets.next_number(session, request.hotel_id)
    session.add(
        Ticket(
            id=request.request_id,
            hotel_id=request.hotel_id,
            number=number,
            title=request.title,
            description=request.details,
            category=request.category,
            priority="URGENT" if request.urgent else "MEDIUM",
            source="AI_AGENT",
            guest_name=request.guest_name,
            room_label=request.room_label,
            created_by=request.user_id,
            session_id=request.session_id,
            conversation_id=request.conversation_id,
        )
    )
    await session.flush()
    return number


async def add_to_ticket(session: AsyncSession, ticket_id: UUID, request: Request) -> None:
    """What was said again stands below the ticket."""
    kind = "guest" if request.user_id is None else "user"
    session.add(
        TicketComment(
            id=uuid7(),
            hotel_id=request.hotel_id,
            ticket_id=ticket_id,
            author_kind=kind,
            author_user_id=request.user_id,
            visibility="PUBLIC",
            body=request.details or request.title,
        )
    )
    await session.flush()


async def make_work_order(session: AsyncSession, request: Request) -> None:
    """The work order is open, and its history begins."""
    order = WorkOrder(
        id=request.request_id,
        hotel_id=request.hotel_id,
        kind=request.category,
        title=request.title,
        details=request.details,
        category=request.topic,
        room_label=request.room_label,
        status="open",
        created_by=request.user_id,
        session_id=request.session_id,
        conversation_id=request.conversation_id,
    )
    session.add(order)
    await session.flush()
    new = {"kind": order.kind, "title": order.title, "status": "open", "room_label": order.room_label}
    await _note(session, request, order.id, None, new)


async def add_to_work_order(session: AsyncSession, order_id: UUID, request: Request) -> None:
    """What was said again stands in the order's details; the change is in its history."""
    order = await session.get_one(WorkOrder, order_id, with_for_update=True)
    before = order.details
    order.details = f"{before}\n{request.details}".strip()[:_DETAILS_LENGTH]
    order.version += 1
    await session.flush()
    await _note(session, request, order_id, {"details": before}, {"details": order.details})


async def _note(
    session: AsyncSession,
    request: Request,
    order_id: UUID,
    previous: dict[str, Any] | None,
    new: dict[str, Any],
) -> None:
    old = previous or {}
    session.add(
        WorkOrderHistory(
            id=uuid7(),
            hotel_id=request.hotel_id,
            work_order_id=order_id,
            source="assistant",
            actor_id=request.user_id or request.session_id,
            previous=previous,
            new=new,
            changed={name: {"old": old.get(name), "new": value} for name, value in new.items()},
        )
    )
    await session.flush()
