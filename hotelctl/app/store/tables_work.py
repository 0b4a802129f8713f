"""Tickets, work orders and notes on rooms."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from hotelctl.app.store.base import (
    EMPTY_OBJECT,
    LIVE,
    ZERO,
    Base,
    JsonObject,
    Ref,
    SoftDeleted,
    TenantRow,
    Touched,
    hotel_reference,
)

_ORIGIN = (
    Ref("assigned_to", "users"),
    Ref("created_by", "users"),
    Ref("session_id", "sessions"),
    Ref("conversation_id", "conversations"),
)
_OPEN = text("status IN ('OPEN', 'IN_PROGRESS', 'WAITING_RESPONSE') AND deleted_at IS NULL")
_UNSENT = text("sync_status IN ('pending', 'failed')")


class Ticket(Touched, SoftDeleted, TenantRow):
    """A matter to be settled; `version` is what If-Match compares, `session_id` the guest who asked."""

    __tablename__ = "tickets"
    refs = _ORIGIN
    more = (
        UniqueConstraint("hotel_id", "number", name="tickets_number_key"),
        Index("tickets_queue", "hotel_id", "status", "priority", "created_at", postgresql_where=LIVE),
        Index("tickets_due", "due_at", postgresql_where=_OPEN),
    )

    number: Mapped[int]
    title: Mapped[str]
    description: Mapped[str] = mapped_column(server_default=text("''"))
    category: Mapped[str | None]
    priority: Mapped[str] = mapped_column(server_default=text("'MEDIUM'"))
    status: Mapped[str] = mapped_column(server_default=text("'OPEN'"))
    source: Mapped[str]
    guest_name: Mapped[str | None]
    guest_email: Mapped[str | None]
    room_label: Mapped[str | None]
    assigned_to: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    sla_minutes: Mapped[int | None]
    due_at: Mapped[datetime | None]
    first_response_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    resolution: Mapped[str | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class TicketComment(Touched, TenantRow):
    """What was added to a ticket; guests see the public ones."""

    __tablename__ = "ticket_comments"
    refs = (Ref("ticket_id", "tickets", cascade=True), Ref("author_user_id", "users"))

    ticket_id: Mapped[UUID]
    author_kind: Mapped[str]
    author_user_id: Mapped[UUID | None]
    visibility: Mapped[str] = mapped_column(server_default=text("'INTERNAL'"))
    body: Mapped[str]


class TicketNumber(Base):
    """The last number a hotel gave to a ticket."""

    __tablename__ = "ticket_numbers"

    hotel_id: Mapped[UUID] = mapped_column(hotel_reference(), primary_key=True)
    last_number: Mapped[int]


class WorkOrder(Touched, SoftDeleted, TenantRow):
    """Something to be done in a room or in the house."""

    __tablename__ = "work_orders"
    refs = (*_ORIGIN, Ref("ticket_id", "tickets"))
    more = (Index("work_orders_queue", "hotel_id", "status", "kind", "created_at", postgresql_where=LIVE),)

    kind: Mapped[str]
    title: Mapped[str]
    details: Mapped[str] = mapped_column(server_default=text("''"))
    category: Mapped[str | None]
    room_label: Mapped[str | None]
    priority: Mapped[str] = mapped_column(server_default=text("'MEDIUM'"))
    status: Mapped[str] = mapped_column(server_default=text("'open'"))
    assigned_to: Mapped[UUID | None]
    created_by: Mapped[UUID | None]
    session_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    ticket_id: Mapped[UUID | None]
    external_ref: Mapped[str | None]
    due_at: Mapped[datetime | None]
    completed_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))


class WorkOrderHistory(TenantRow):
    """One change of a work order, and whether the hotel's own system was told; the change itself stays."""

    __tablename__ = "pms_work_order_history"
    refs = (Ref("work_order_id", "work_orders", cascade=True),)
    more = (Index("pms_work_order_history_outbox", "next_attempt_at", postgresql_where=_UNSENT),)

    work_order_id: Mapped[UUID]
    source: Mapped[str]
    actor_id: Mapped[UUID | None]
    previous: Mapped[JsonObject | None]
    new: Mapped[JsonObject]
    changed: Mapped[JsonObject] = mapped_column(server_default=EMPTY_OBJECT)
    sync_status: Mapped[str] = mapped_column(server_default=text("'local_only'"))
    attempts: Mapped[int] = mapped_column(server_default=ZERO)
    last_error: Mapped[str | None]
    next_attempt_at: Mapped[datetime | None]
    synced_at: Mapped[datetime | None]


class RoomNote(Touched, SoftDeleted, TenantRow):
    """What whoever works in the room next should know; guests see none of it."""

    __tablename__ = "room_notes"
    refs = (Ref("author_user_id", "users"),)
    more = (Index("room_notes_room", "hotel_id", "room_label", postgresql_where=LIVE),)

    room_label: Mapped[str]
    body: Mapped[str]
    author_user_id: Mapped[UUID | None]
