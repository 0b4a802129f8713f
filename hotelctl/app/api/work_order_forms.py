"""What requests and answers about work orders look like."""

from datetime import datetime
from typing import Annotated, Any, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from hotelctl.app.api.moments import Moment
from hotelctl.app.api.texts import LEFT_OUT, STORABLE, Category, RoomLabel, length
from hotelctl.app.domain.tickets import Priority
from hotelctl.app.domain.work_orders import ChangeSource, WorkOrderKind, WorkOrderStatus
from hotelctl.app.store.tables import WorkOrder, WorkOrderHistory

Title = Annotated[str, length(3, 180), STORABLE]
Details = Annotated[str, length(0, 4000), STORABLE]
ExternalRef = Annotated[str, length(1, 200), STORABLE]


class WorkOrderIn(BaseModel):
    """A new work order."""

    model_config = ConfigDict(extra="forbid")

    kind: WorkOrderKind
    title: Title
    details: Details = ""
    category: Category | None = None
    room_label: RoomLabel | None = None
    priority: Priority = Priority.MEDIUM
    assigned_to: UUID | None = None
    ticket_id: UUID | None = None
    due_at: Moment | None = None


class WorkOrderPatch(BaseModel):
    """What shall be different; what is left out stays."""

    model_config = ConfigDict(extra="forbid")

    title: Title = LEFT_OUT
    details: Details = LEFT_OUT
    category: Category | None = None
    room_label: RoomLabel | None = None
    priority: Priority = LEFT_OUT
    status: WorkOrderStatus = LEFT_OUT
    assigned_to: UUID | None = None
    external_ref: ExternalRef | None = None
    due_at: Moment | None = None

    def told(self) -> dict[str, Any]:
        """The fields that the request names."""
        return self.model_dump(exclude_unset=True)


class WorkOrderOut(BaseModel):
    """A work order."""

    id: UUID
    kind: WorkOrderKind
    title: str
    details: str
    category: str | None
    room_label: str | None
    priority: Priority
    status: WorkOrderStatus
    assigned_to: UUID | None
    created_by: UUID | None
    ticket_id: UUID | None
    conversation_id: UUID | None
    external_ref: str | None
    due_at: datetime | None
    completed_at: datetime | None
    version: int
    created_at: datetime

    @classmethod
    def of(cls, order: WorkOrder) -> Self:
        """The work order as staff sees it."""
        return cls(**{name: getattr(order, name) for name in cls.model_fields if hasattr(order, name)})


class ChangeOut(BaseModel):
    """One change of a work order, and whether the hotel's own system was told."""

    id: UUID
    source: ChangeSource
    actor_id: UUID | None
    previous: dict[str, Any] | None
    new: dict[str, Any]
    changed: dict[str, Any]
    sync_status: str
    created_at: datetime

    @classmethod
    def of(cls, change: WorkOrderHistory) -> Self:
        """The change as staff sees it."""
        return cls(**{name: getattr(change, name) for name in cls.model_fields})


class WorkOrderWithHistory(WorkOrderOut):
    """A work order and its last changes, oldest first."""

    history: list[ChangeOut]
