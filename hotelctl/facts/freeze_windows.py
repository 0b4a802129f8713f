"""The times in which nothing is released, and whether it is such a time now."""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotelctl.core.finding import Location

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TIME = rf"({'|'.join(_DAYS)}) ([01][0-9]|2[0-3]):([0-5][0-9])"
WEEKLY = rf"^{_TIME} - {_TIME}$"
"""How a time of the week is written: `fri 16:00 - mon 08:00`."""

_DAY = 24 * 60
_WEEK = 7 * _DAY


@dataclass(frozen=True, slots=True)
class Window:
    """One of them: its reason, and until when it lasts, None when it is not now."""

    reason: str
    until: datetime | None


@dataclass(frozen=True, slots=True)
class FreezeWindows:
    """Those of one environment, and where the service file names them."""

    environment: str
    windows: tuple[Window, ...]
    place: Location
    now: datetime


def parse_weekly(text: str) -> tuple[int, int]:
    """Begin and end in minutes since Monday 00:00.

    Raises:
        ValueError: it is not written like that, or lasts for no time.

    """
    hit = re.fullmatch(WEEKLY, text)
    if hit is None:
        raise ValueError("is not written as in: fri 16:00 - mon 08:00")
    begin, end = (
        _DAYS.index(day) * _DAY + int(hour) * 60 + int(minute)
        for day, hour, minute in (hit.groups()[:3], hit.groups()[3:])
    )
    if begin == end:
        raise ValueError("ends when it begins")
    return begin, end


def weekly_end(text: str, now: datetime) -> datetime | None:
    """When the window that holds `now` ends, on the clock of the zone of `now`; None when none does."""
    begin, end = parse_weekly(text)
    minute = now.weekday() * _DAY + now.hour * 60 + now.minute
    length, passed = (end - begin) % _WEEK, (minute - begin) % _WEEK
    if passed >= length:
        return None
    return now.replace(second=0, microsecond=0) + timedelta(minutes=length - passed)
