"""A ticket's way from open to settled, and its clock."""

from datetime import datetime, timedelta
from enum import StrEnum


class TicketStatus(StrEnum):
    """Where a ticket stands."""

    OPEN = "OPEN"
    IN_PROGRESS = "IN_PROGRESS"
    WAITING_RESPONSE = "WAITING_RESPONSE"
    RESOLVED = "RESOLVED"
    CLOSED = "CLOSED"
    CANCELLED = "CANCELLED"


class Priority(StrEnum):
    """How much it matters that something is done soon."""

    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"
    URGENT = "URGENT"


class TicketSource(StrEnum):
    """How a ticket came in."""

    GUEST_WIDGET = "GUEST_WIDGET"
    STAFF_PORTAL = "STAFF_PORTAL"
    AI_AGENT = "AI_AGENT"
    EMAIL = "EMAIL"
    PHONE = "PHONE"
    MANUAL = "MANUAL"


class Visibility(StrEnum):
    """Who reads a comment: guests read the public ones."""

    PUBLIC = "PUBLIC"
    INTERNAL = "INTERNAL"


OPEN_STATUSES = frozenset({TicketStatus.OPEN, TicketStatus.IN_PROGRESS, TicketStatus.WAITING_RESPONSE})
# Ends that take the permission to close; from them nothing leads back.
FINAL_STATUSES = frozenset({TicketStatus.CLOSED, TicketStatus.CANCELLED})
SETTLED_STATUSES = FINAL_STATUSES | {TicketStatus.RESOLVED}
_NEXT = {
    TicketStatus.OPEN: {
        TicketStatus.IN_PROGRESS,
        TicketStatus.WAITING_RESPONSE,
        TicketStatus.RESOLVED,
        TicketStatus.CANCELLED,
    },
    TicketStatus.IN_PROGRESS: {
        TicketStatus.OPEN,
        TicketStatus.WAITING_RESPONSE,
        TicketStatus.RESOLVED,
        TicketStatus.CANCELLED,
    },
    TicketStatus.WAITING_RESPONSE: {
        TicketStatus.IN_PROGRESS,
        TicketStatus.RESOLVED,
        TicketStatus.CANCELLED,
    },
    TicketStatus.RESOLVED: {TicketStatus.IN_PROGRESS, TicketStatus.CLOSED},
    TicketStatus.CLOSED: set[TicketStatus](),
    TicketStatus.CANCELLED: set[TicketStatus](),
}
SHORTEST_SLA_MINUTES = 5
LONGEST_SLA_MINUTES = 2880
_SLA_MINUTES = {Priority.URGENT: 30, Priority.HIGH: 120, Priority.MEDIUM: 480, Priority.LOW: 1440}
# A second request of one sender about one matter within this time is the same request.
SAME_MATTER = timedelta(minutes=10)


def may_become(old: TicketStatus, new: TicketStatus) -> bool:
    """Whether a ticket may go from one status to the other; staying is no change and may be."""
    return old == new or new in _NEXT[old]


def sla_minutes(priority: Priority) -> int:
    """Minutes in which a ticket of this priority shall be settled, where nobody says otherwise."""
    return _SLA_MINUTES[priority]


def due_at(created_at: datetime, minutes: int) -> datetime:
    """The moment by which the ticket shall be settled."""
    return created_at + timedelta(minutes=minutes)
