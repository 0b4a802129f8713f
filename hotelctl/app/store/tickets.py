"""Statements on tickets and their comments, in the transaction's hotel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, true
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.tickets import OPEN_STATUSES, Priority, TicketStatus, Visibility
from hotelctl.app.store.direct import Asked, Asks, columns_of, given
from hotelctl.app.store.paging import Found, Listing, Page
from hotelctl.app.store.runs import TICKET_SLA
from hotelctl.app.store.tables import Ticket, TicketComment, WorkflowExecution

# The row lock makes the hotel's tickets come one after the other, and a rollback takes the number back.
_LOCK = text(
    "INSERT INTO ticket_numbers AS n (hotel_id, last_number) VALUES (:hotel, 0)"
    " ON CONFLICT (hotel_id) DO UPDATE SET last_number = n.last_number"
)
_COUNT = text(
    "UPDATE ticket_numbers SET last_number = last_number + 1 WHERE hotel_id = :hotel RETURNING last_number"
)


@dataclass(frozen=True, slots=True)
class TicketFilter:
    """Which tickets a list holds; None asks for nothing."""

    status: TicketStatus | None = None
    priority: Priority | None = None
    category: str | None = None
    room_label: str | None = None
    assigned_to: UUID | None = None
    conversation_id: UUID | None = None
    session_id: UUID | None = None
    overdue_at: datetime | None = None
    is_open: bool | None = None

    def values(self) -> dict[str, Any]:
        """What is asked for, by name."""
        named = {name: getattr(self, name) for name in TicketFilter.__slots__}
        return {name: value for name, value in named.items() if value}


def _conditions(asked_for: frozenset[str]) -> list[ColumnElement[bool]]:
    """What every ticket of a list fulfils for which these are asked for; their values are parameters."""
    found = [getattr(Ticket, name) == given(name) for name in sorted(asked_for - {"is_open", "overdue_at"})]
    if "is_open" in asked_for:
        found.append(Ticket.status.in_(OPEN_STATUSES))
    if "overdue_at" in asked_for:
        found += [Ticket.status.in_(OPEN_STATUSES), Ticket.due_at < given("overdue_at")]
    return found


@cache
def _listing(asked_for: frozenset[str]) -> Listing:
    return Listing(columns_of(Ticket).where(*_conditions(asked_for)), by=[Ticket.id])


@dataclass(frozen=True, slots=True)
class Matter:
    """What makes two requests the same one: who asks, where, for whom, and about what."""

    session_id: UUID | None
    created_by: UUID | None
    room_label: str | None
    category: str | None
    title: str
    guest_name: str | None
    guest_email: str | None


async def lock_numbers(session: AsyncSession, hotel_id: UUID) -> None:
    """No other transaction opens a ticket of this hotel until this one ends."""
    await session.execute(_LOCK, {"hotel": hotel_id})


async def next_number(session: AsyncSession, hotel_id: UUID) -> int:
    """The hotel's next number; the numbers were locked before."""
    return int((await session.execute(_COUNT, {"hotel": hotel_id})).scalar_one())


async def same_matter(session: AsyncSession, matter: Matter, since: datetime) -> Ticket | None:
    """The newest ticket that is open, not older than `since` and about the same, locked."""
    statement = select(Ticket).where(
        Ticket.status.in_(OPEN_STATUSES),
        Ticket.created_at >= since,
        Ticket.session_id.is_not_distinct_from(matter.session_id),
        Ticket.created_by.is_not_distinct_from(matter.created_by),
        Ticket.room_label.is_not_distinct_from(matter.room_label),
        Ticket.category.is_not_distinct_from(matter.category),
        Ticket.guest_name.is_not_distinct_from(matter.guest_name),
        Ticket.guest_email.is_not_distinct_from(matter.guest_email),
        func.lower(Ticket.title) == func.lower(matter.title),
    )
    newest_first = statement.order_by(Ticket.id.desc()).limit(1).with_for_update()
    return (await session.execute(newest_first)).scalar_one_or_none()


async def find(session: AsyncSession, ticket_id: UUID, *, lock: bool = False) -> Ticket | None:
    """The live ticket; locked, nobody else changes it until the transaction ends."""
    statement = select(Ticket).where(Ticket.id == ticket_id)
    return (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()


async def newest(asks: Asks, wanted: TicketFilter, page: Page) -> Found[Ticket]:
    """A page of the tickets to be read, newest first."""
    values = wanted.values()
    return await _listing(frozenset(values)).fetch(asks, values, page)


def newest_of_all(limit: int) -> Asked:
    """The newest tickets, asked together with something else."""
    return _listing(frozenset()).first(limit)


async def newly_overdue(session: AsyncSession, hotel_id: UUID, *, limit: int) -> Sequence[Ticket]:
    """Open tickets of the hotel whose time ran out without a run of `ticket_sla` since, locked."""
    noted = (
        select(WorkflowExecution.id)
        .where(
            WorkflowExecution.hotel_id == Ticket.hotel_id,
            WorkflowExecution.workflow == TICKET_SLA,
            WorkflowExecution.trigger_id == Ticket.id,
            WorkflowExecution.started_at >= Ticket.due_at,
        )
        .exists()
    )
    statement = (
        select(Ticket)
        .where(
            Ticket.hotel_id == hotel_id,
            Ticket.status.in_(OPEN_STATUSES),
            Ticket.due_at < func.now(),
            ~noted,
        )
        .order_by(Ticket.due_at)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return (await session.execute(statement)).scalars().all()


async def comments(
    session: AsyncSession, ticket_id: UUID, *, visibility: Visibility | None = None, limit: int
) -> Sequence[TicketComment]:
    """The newest comments, oldest first; of one visibility if named."""
    seen = true() if visibility is None else TicketComment.visibility == visibility
    statement = (
        select(TicketComment)
        .where(TicketComment.ticket_id == ticket_id, seen)
        .order_by(TicketComment.id.desc())
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()[::-1]
