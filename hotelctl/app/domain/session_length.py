"""How long somebody stays logged in, however busy."""

from datetime import timedelta

from hotelctl.app.domain.permissions import Role

SHIFT = timedelta(hours=12)
BY_CODE = timedelta(hours=8)
_LONGEST = timedelta(days=30)


def longest(role: Role, *, by_code: bool = False) -> timedelta:
    """Of a log-in whose tokens are refreshed: a month, for staff a shift, with a staff code less than one."""
    if by_code:
        return BY_CODE
    return SHIFT if role is Role.STAFF else _LONGEST
