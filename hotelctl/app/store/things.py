"""What the things are called that the audit trail tells of, and where they stand on a page."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from hotelctl.app.store.engine import WITH_DELETED
from hotelctl.app.store.tables import (
    AuditEvent,
    Conversation,
    KnowledgeEntry,
    QrToken,
    RoomNote,
    Ticket,
    User,
    WorkOrder,
)


class Named(NamedTuple):
    """A thing: its room where it has one, its name, and its page unless it was removed."""

    room_label: str | None
    name: str | None
    address: str | None


class _Kind(NamedTuple):
    table: Any
    name: Callable[[Any], str | None]
    address: str


_KINDS: Mapping[str, _Kind] = {
    "ticket": _Kind(Ticket, lambda row: f"#{row.number} {row.title}", "/staff/tickets/{id}"),
    "work_order": _Kind(WorkOrder, lambda row: str(row.title), "/staff/work-orders/{id}"),
    "conversation": _Kind(Conversation, lambda row: row.guest_name, "/staff/chats/{id}"),
    "room_note": _Kind(RoomNote, lambda _: None, "/staff#notes"),
    "qr_code": _Kind(QrToken, lambda row: f"{row.prefix}…", "/admin/qr"),
    "knowledge_entry": _Kind(KnowledgeEntry, lambda row: str(row.title), "/admin/knowledge/{id}"),
    "user": _Kind(User, lambda row: row.display_name or row.email, "/admin/users/{id}"),
}


async def named(session: AsyncSession, events: Iterable[AuditEvent]) -> dict[UUID, Named]:
    """By id the things of these events that are still there, also the ones that were removed."""
    wanted: dict[str, set[UUID]] = {}
    for event in events:
        if event.object_id is not None and event.object_kind in _KINDS:
            wanted.setdefault(event.object_kind, set()).add(event.object_id)
    found: dict[UUID, Named] = {}
    for kind, ids in wanted.items():
        table, name, address = _KINDS[kind]
        statement = select(table).where(table.id.in_(ids)).execution_options(**{WITH_DELETED: True})
        for row in await session.scalars(statement):
            is_there = getattr(row, "deleted_at", None) is None
            place = address.format(id=row.id) if is_there else None
            found[row.id] = Named(getattr(row, "room_label", None), name(row), place)
    return found
