"""What requests and answers about tickets look like."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, StrictInt

from hotelctl.app.api.texts import LEFT_OUT, STORABLE, Category, EmailAddress, PersonName, RoomLabel, length
from hotelctl.app.domain.principal import Principal, SubjectKind
from hotelctl.app.domain.tickets import (
    LONGEST_SLA_MINUTES,
    SHORTEST_SLA_MINUTES,
    Priority,
    TicketSource,
    TicketStatus,
    Visibility,
)
from hotelctl.app.services.guest_data import Shown
from hotelctl.app.store.tables import Ticket, TicketComment

Title = Annotated[str, length(3, 180), STORABLE]
Description = Annotated[str, length(0, 5000), STORABLE]
SlaMinutes = Annotated[StrictInt, Field(ge=SHORTEST_SLA_MINUTES, le=LONGEST_SLA_MINUTES)]


class TicketIn(BaseModel):
    """A new ticket; a guest's room and source are those of the session."""

    model_config = ConfigDict(extra="forbid")

    title: Title
    description: Description = ""
    category: Category | None = None
    priority: Priority = Priority.MEDIUM
    source: TicketSource = TicketSource.STAFF_PORTAL
    room_label: RoomLabel | None = None
    guest_name: PersonName | None = None
    guest_email: EmailAddress | None = None
    assigned_to: UUID | None = None
    sla_minutes: SlaMinutes | None = None


class TicketPatch(BaseModel):
    """What shall be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title = LEFT_OUT
    description: Description = LEFT_OUT
    category: Category | None = None
    priority: Priority = LEFT_OUT
    status: TicketStatus = LEFT_OUT
    room_label: RoomLabel | None = None
    assigned_to: UUID | None = None
    sla_minutes: SlaMinutes = LEFT_OUT
    resolution: Description | None = None

    def told(self) -> dict[str, Any]:
        """The fields that the request names."""
        return self.model_dump(exclude_unset=True)


class CommentIn(BaseModel):
    """Something to be added to a ticket."""

    model_config = ConfigDict(extra="forbid")

    body: Annotated[str, length(1, 4000), STORABLE]
    visibility: Visibility | None = None


class TicketOut(BaseModel):
    """A ticket; `guest_email` is null for who may not see more of a guest than name and room.

    An answer that shows staff one is noted in the audit trail as `guests.pii.read`.
    """

    id: UUID
    number: int
    title: str
    description: str
    category: str | None
    priority: Priority
    status: TicketStatus
    source: TicketSource
    guest_name: str | None
    guest_email: str | None
    room_label: str | None
    assigned_to: UUID | None
    created_by: UUID | None
    conversation_id: UUID | None
    sla_minutes: int | None
    due_at: datetime | None
    first_response_at: datetime | None
    resolved_at: datetime | None
    resolution: str | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, ticket: Ticket, guests: Shown) -> Self:
        """The ticket as this caller may see it."""
        shown = {name: getattr(ticket, name) for name in cls.model_fields if hasattr(ticket, name)}
        shown["guest_email"] = guests.value(ticket.id, "guest_email", ticket.guest_email)
        if guests.who.kind is SubjectKind.GUEST:
            shown |= {"assigned_to": None, "created_by": None}
        return cls(**shown)

    def without_contact(self) -> Self:
        """What may be kept of it for a repeat."""
        return self.model_copy(update={"guest_email": None})


class CommentOut(BaseModel):
    """What somebody added; a guest learns of staff only that it was staff."""

    id: UUID
    author_kind: str
    author_user_id: UUID | None
    visibility: Visibility
    body: str
    created_at: datetime

    @classmethod
    def of(cls, comment: TicketComment, who: Principal) -> Self:
        """The comment as this caller may see it."""
        shown = {name: getattr(comment, name) for name in cls.model_fields}
        if who.kind is SubjectKind.GUEST:
            shown["author_user_id"] = None
        return cls(**shown)


class TicketWithComments(TicketOut):
    """A ticket and its last comments, oldest first."""

    comments: list[CommentOut]
