"""A work order's kind and its way from asked for to done."""

from enum import StrEnum


class WorkOrderKind(StrEnum):
    """What sort of work it is."""

    HOUSEKEEPING = "housekeeping"
    MAINTENANCE = "maintenance"
    AMENITY = "amenity"
    ROOM_SERVICE = "room_service"


class WorkOrderStatus(StrEnum):
    """Where a work order stands; one that the assistant proposed waits for the guest's word."""

    NEEDS_CONFIRMATION = "needs_confirmation"
    OPEN = "open"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    CANCELLED = "cancelled"


class ChangeSource(StrEnum):
    """Through what a work order was changed."""

    ASSISTANT = "assistant"
    MANUAL = "manual"
    IMPORT = "import"
    API = "api"


EVERY_KIND: frozenset[str] = frozenset(kind.value for kind in WorkOrderKind)
LONGEST_DETAILS = 4000
OPEN_STATUSES = frozenset({WorkOrderStatus.OPEN, WorkOrderStatus.IN_PROGRESS})
_NEXT = {
    WorkOrderStatus.NEEDS_CONFIRMATION: {WorkOrderStatus.OPEN, WorkOrderStatus.CANCELLED},
    WorkOrderStatus.OPEN: {
        WorkOrderStatus.IN_PROGRESS,
        WorkOrderStatus.DONE,
        WorkOrderStatus.CANCELLED,
    },
    WorkOrderStatus.IN_PROGRESS: {
        WorkOrderStatus.OPEN,
        WorkOrderStatus.DONE,
        WorkOrderStatus.CANCELLED,
    },
    WorkOrderStatus.DONE: {WorkOrderStatus.OPEN},
    WorkOrderStatus.CANCELLED: set[WorkOrderStatus](),
}


def may_become(old: WorkOrderStatus, new: WorkOrderStatus) -> bool:
    """Whether a work order may go from one status to the other; staying is no change and may be."""
    return old == new or new in _NEXT[old]
