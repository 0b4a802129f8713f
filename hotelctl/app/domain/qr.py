"""What a code is for, what state it is in, and for how long it may be good."""

from datetime import datetime, timedelta
from enum import StrEnum

DEFAULT_TTL_MIN = 60
SHORTEST_TTL_MIN = 5
LONGEST_TTL_MIN = 14 * 24 * 60
MOST_USES = 20
PREFIX_LENGTH = 6


class Purpose(StrEnum):
    """What somebody with the code is let in for."""

    GUEST_ACCESS = "guest_access"
    STAFF_ACCESS = "staff_access"
    ROOM_SERVICE = "room_service"
    MAINTENANCE = "maintenance"

    @property
    def is_for_staff(self) -> bool:
        """Whether it brings a member of staff to a log-in; else it lets a guest in."""
        return self is Purpose.STAFF_ACCESS

    @property
    def needs_room(self) -> bool:
        """Whether it is about one room."""
        return self in {Purpose.ROOM_SERVICE, Purpose.MAINTENANCE}

    @property
    def next_page(self) -> str:
        """Where somebody who came in goes on."""
        return "/staff" if self.is_for_staff else "/guest/chat"


# What a guest lets be known by the code alone.
WISHES = frozenset({Purpose.ROOM_SERVICE, Purpose.MAINTENANCE})


class State(StrEnum):
    """Derived from times and counts, never stored; only an active code lets somebody in."""

    ACTIVE = "active"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"
    REPLACED = "replaced"


def expiry(now: datetime, ttl: timedelta, stay_ends_at: datetime | None) -> datetime:
    """When the code stops to let people in: after its time, and with the stay in any case."""
    ends_at = now + ttl
    return min(ends_at, stay_ends_at) if stay_ends_at else ends_at
