"""Statements on work orders and their history, in the transaction's hotel."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain.tickets import Priority
from hotelctl.app.domain.work_orders import WorkOrderKind, WorkOrderStatus
from hotelctl.app.store.paging import Found, Page, fetch
from hotelctl.app.store.tables import WorkOrder, WorkOrderHistory

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('work-order ' || :hotel, 0))")
_UNFINISHED = (WorkOrderStatus.NEEDS_CONFIRMATION, WorkOrderStatus.OPEN, WorkOrderStatus.IN_PROGRESS)


@dataclass(frozen=True, slots=True)
class WorkOrderFilter:
    """Which work orders a list holds; None asks for nothing."""

    kinds: frozenset[str]
    opener: UUID | None = None
    """Whose own ones the list holds as well, of whatever kind."""
    kind: WorkOrderKind | None = None
    status: WorkOrderStatus | None = None
    priority: Priority | None = None
    room_label: str | None = None
    assigned_to: UUID | None = None
    unassigned: bool = False
    ticket_id: UUID | None = None
    is_open: bool = False

    def conditions(self) -> list[ColumnElement[bool]]:
        """What every work order of the list fulfils."""
        found = [_within_reach(self.kinds, self.opener)]
        for name in ("kind", "status", "priority", "room_label", "assigned_to", "ticket_id"):
            value = getattr(self, name)
            if value is not None:
                found.append(getattr(WorkOrder, name) == value)
        if self.unassigned:
            found.append(WorkOrder.assigned_to.is_(None))
        if self.is_open:
            found.append(WorkOrder.status.in_(_UNFINISHED))
        return found


def _within_reach(kinds: frozenset[str], opener: UUID | None) -> ColumnElement[bool]:
    """Of one of the kinds, or opened by this user."""
    of_kind = WorkOrder.kind.in_(kinds)
    return of_kind if opener is None else or_(of_kind, WorkOrder.created_by == opener)


@dataclass(frozen=True, slots=True)
class Errand:
    """What makes two work orders the same one: who asks, where, and for what.

    By category, the room alone tells where, whoever asks in it; by title, and without a room, only who asked
    first can ask again.
    """

    session_id: UUID | None
    created_by: UUID | None
    room_label: str | None
    kind: WorkOrderKind
    title: str
    category: str | None = None
    """Where it is given, the title does not matter."""


async def lock_openings(session: AsyncSession, hotel_id: UUID) -> None:
    """No other transaction opens a work order of this hotel until this one ends."""
    await session.execute(_LOCK, {"hotel": str(hotel_id)})


async def same_errand(session: AsyncSession, errand: Errand, since: datetime) -> WorkOrder | None:
    """The newest work order that is not finished, not older than `since` and for the same, locked."""
    alike = (
        func.lower(WorkOrder.title) == func.lower(errand.title)
        if errand.category is None
        else WorkOrder.category == errand.category
    )
    asked_by = (
        WorkOrder.session_id.is_not_distinct_from(errand.session_id),
        WorkOrder.created_by.is_not_distinct_from(errand.created_by),
    )
    is_of_the_room = errand.category is not None and errand.room_label is not None
    statement = select(WorkOrder).where(
        WorkOrder.status.in_(_UNFINISHED),
        WorkOrder.created_at >= since,
        WorkOrder.room_label.is_not_distinct_from(errand.room_label),
        WorkOrder.kind == errand.kind,
        alike,
        *(() if is_of_the_room else asked_by),
    )
    newest_first = statement.order_by(WorkOrder.id.desc()).limit(1).with_for_update()
    return (await session.execute(newest_first)).scalar_one_or_none()


async def find(
    session: AsyncSession, order_id: UUID, kinds: frozenset[str], opener: UUID | None, *, lock: bool = False
) -> WorkOrder | None:
    """The live work order of one of the kinds or of this opener.

    Locked, nobody else changes it until the transaction ends.
    """
    statement = select(WorkOrder).where(WorkOrder.id == order_id, _within_reach(kinds, opener))
    return (await session.execute(statement.with_for_update() if lock else statement)).scalar_one_or_none()


async def newest(session: AsyncSession, wanted: WorkOrderFilter, page: Page) -> Found[WorkOrder]:
    """A page of the work orders, newest first."""
    return await fetch(session, select(WorkOrder).where(*wanted.conditions()), page, by=[WorkOrder.id])


async def history(session: AsyncSession, order_id: UUID, *, limit: int) -> Sequence[WorkOrderHistory]:
    """The newest changes of a work order, oldest first."""
    statement = (
        select(WorkOrderHistory)
        .where(WorkOrderHistory.work_order_id == order_id)
        .order_by(WorkOrderHistory.id.desc())
        .limit(limit)
    )
    return (await session.execute(statement)).scalars().all()[::-1]
