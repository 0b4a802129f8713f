"""The rules of work orders, and the history that each change of one writes.

Each function works in the caller's transaction, which is that of the caller's hotel.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.domain import work_orders as rules
from hotelctl.app.domain.failures import Conflict, Forbidden, Invalid, NotFound, PreconditionFailed
from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.permissions import Scope, work_order_kinds
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.domain.tickets import SAME_MATTER, Priority
from hotelctl.app.domain.work_orders import EVERY_KIND, ChangeSource, WorkOrderKind, WorkOrderStatus
from hotelctl.app.store import audit, tickets, users
from hotelctl.app.store import work_orders as store
from hotelctl.app.store.audit import Change, Thing
from hotelctl.app.store.tables import WorkOrder, WorkOrderHistory
from hotelctl.app.store.work_orders import Errand

MOST_CHANGES = 200
_SNAPSHOT = (
    *("kind", "title", "details", "category", "room_label", "priority", "status", "assigned_to"),
    *("ticket_id", "external_ref", "due_at", "completed_at"),
)
# Free texts may be private; the history, which goes with the work order, has them.
_AUDITED = ("kind", "room_label", "priority", "status", "assigned_to")


@dataclass(frozen=True, slots=True)
class WorkOrderDraft:
    """What a new work order asks for, and the id that it will have."""

    kind: WorkOrderKind
    title: str
    details: str = ""
    category: str | None = None
    room_label: str | None = None
    priority: Priority = Priority.MEDIUM
    assigned_to: UUID | None = None
    ticket_id: UUID | None = None
    conversation_id: UUID | None = None
    due_at: datetime | None = None
    id: UUID = field(default_factory=uuid7)
    is_its_category: bool = False
    """Whether its category alone, and not its title, makes it the same as another one."""


def readable_kinds(who: Principal) -> frozenset[str]:
    """The kinds of work orders that the caller deals with."""
    return _kinds(who, "workorders.read")


def _kinds(who: Principal, permission: str) -> frozenset[str]:
    scope = who.scope(permission)
    if scope is Scope.ALL:
        return EVERY_KIND
    return work_order_kinds(who.department) if scope is Scope.KIND else frozenset()


async def open_order(
    session: AsyncSession, who: Principal, draft: WorkOrderDraft, source: ChangeSource
) -> WorkOrder:
    """The new work order; or the unfinished one that is at most ten minutes old and for the same, told again.

    A guest's room is that of the session, whatever the draft says.
    """
    await _check_links(session, who, draft.assigned_to, draft.ticket_id)
    own_session = who.session_id if who.kind is SubjectKind.GUEST else None
    room_label = draft.room_label if own_session is None else who.room_label
    await store.lock_openings(session, who.hotel_id)
    now = datetime.now(UTC)
    category = draft.category if draft.is_its_category else None
    errand = Errand(own_session, who.user_id, room_label, draft.kind, draft.title, category)
    known = await store.same_errand(session, errand, now - SAME_MATTER)
    if known is not None:
        await _tell_again(session, who, known, draft.details, source)
        return known
    order = WorkOrder(
        hotel_id=who.hotel_id,
        **{name: getattr(draft, name) for name in WorkOrderDraft.__slots__ if name not in _OVERRIDDEN},
        status=WorkOrderStatus.OPEN,
        room_label=room_label,
        session_id=own_session,
        created_by=who.user_id,
        created_at=now,
        version=1,
    )
    session.add(order)
    await session.flush()
    await _record(session, who, order, None, source)
    return order


_OVERRIDDEN = frozenset({"room_label", "is_its_category"})


async def _tell_again(
    session: AsyncSession, who: Principal, order: WorkOrder, text: str, source: ChangeSource
) -> None:
    """What is said again stands below the order's details, as far as there is room for it."""
    if text in order.details:
        return
    previous = snapshot(order)
    order.details = f"{order.details}\n{text}".strip()[: rules.LONGEST_DETAILS]
    order.version += 1
    await session.flush()
    await _record(session, who, order, previous, source)


async def read(session: AsyncSession, who: Principal, order_id: UUID) -> WorkOrder:
    """The work order, if it is of a kind that the caller deals with or was opened by the caller.

    Raises NotFound.
    """
    return await _find(session, who, order_id)


def may_change(who: Principal, order: WorkOrder) -> bool:
    """Whether the caller deals with this kind of work; to have asked for it is not enough."""
    return order.kind in _kinds(who, "workorders.update")


async def read_history(session: AsyncSession, order: WorkOrder) -> Sequence[WorkOrderHistory]:
    """The last changes of the work order, oldest first."""
    return await store.history(session, order.id, limit=MOST_CHANGES)


async def change(
    session: AsyncSession,
    who: Principal,
    order_id: UUID,
    version: int | None,
    changes: Mapping[str, Any],
    source: ChangeSource,
) -> WorkOrder:
    """The work order after the change; who begins one that is nobody's has it from then on.

    Raises NotFound, Forbidden, PreconditionFailed for another version, Conflict for a way that is closed.
    """
    order = await _find(session, who, order_id, lock=True)
    if not may_change(who, order):
        raise Forbidden
    if version is not None and order.version != version:
        raise PreconditionFailed
    told = {name: value for name, value in changes.items() if getattr(order, name) != value}
    if not told:
        return order
    if order.status == WorkOrderStatus.CANCELLED:
        raise Conflict
    if "assigned_to" in told and not who.may("workorders.assign"):
        raise Forbidden
    await _check_links(session, who, told.get("assigned_to"), None)
    previous = snapshot(order)
    if "status" in told:
        _move(order, WorkOrderStatus(told.pop("status")))
    for name, value in told.items():
        setattr(order, name, value)
    if order.status == WorkOrderStatus.IN_PROGRESS and order.assigned_to is None:
        order.assigned_to = who.user_id
    order.version += 1
    await session.flush()
    await _record(session, who, order, previous, source)
    return order


def snapshot(order: WorkOrder) -> dict[str, Any]:
    """The work order's fields as they stand in the history."""
    return {name: _plain(getattr(order, name)) for name in _SNAPSHOT}


def difference(previous: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each field that differs, with its old and its new value."""
    return {
        name: {"old": previous[name], "new": value} for name, value in new.items() if previous[name] != value
    }


def _plain(value: object) -> object:
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, datetime) else value


def _move(order: WorkOrder, status: WorkOrderStatus) -> None:
    if not rules.may_become(WorkOrderStatus(order.status), status):
        raise Conflict
    order.completed_at = datetime.now(UTC) if status is WorkOrderStatus.DONE else None
    order.status = status


async def _find(session: AsyncSession, who: Principal, order_id: UUID, *, lock: bool = False) -> WorkOrder:
    order = await store.find(session, order_id, readable_kinds(who), who.user_id, lock=lock)
    if order is None:
        raise NotFound
    return order


async def _check_links(
    session: AsyncSession, who: Principal, assigned_to: UUID | None, ticket_id: UUID | None
) -> None:
    if assigned_to is not None and not who.may("workorders.assign"):
        raise Forbidden
    if assigned_to is not None and not await users.can_be_assigned(session, assigned_to):
        raise Invalid(("body", "assigned_to"), "is no active user of this hotel")
    if ticket_id is not None and await tickets.find(session, ticket_id) is None:
        raise Invalid(("body", "ticket_id"), "is no ticket of this hotel")


async def _record(
    session: AsyncSession,
    who: Principal,
    order: WorkOrder,
    previous: dict[str, Any] | None,
    source: ChangeSource,
) -> None:
    new = snapshot(order)
    changed = difference(previous, new) if previous else {}
    session.add(
        WorkOrderHistory(
            id=uuid7(),
            hotel_id=order.hotel_id,
            work_order_id=order.id,
            source=source,
            actor_id=who.subject_id,
            previous=previous,
            new=new,
            changed=changed,
            created_at=datetime.now(UTC),
        )
    )
    await session.flush()
    action = "workorder.update" if previous else "workorder.create"
    before = {name: previous[name] for name in _AUDITED} if previous else None
    told = Change(before, {name: new[name] for name in _AUDITED})
    by_assistant = source is ChangeSource.ASSISTANT
    thing = Thing("work_order", order.id)
    await audit.note(session, who, action, thing, told, by_assistant=by_assistant)
