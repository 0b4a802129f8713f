"""Moments by the hotel's own clock."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400
Unit = Literal["min", "h", "days"]


@dataclass(frozen=True, slots=True)
class LocalTime:
    """The present moment, and the hotel's time zone."""

    now: datetime
    zone: ZoneInfo

    def local(self, moment: datetime) -> datetime:
        """The moment as the clock on the wall shows it."""
        return moment.astimezone(self.zone)


def now_in(timezone: str) -> LocalTime:
    """The present moment by the clock of a time zone; of UTC where there is none of this name."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return LocalTime(datetime.now(UTC), zone)


def span(seconds: float) -> tuple[int, Unit]:
    """A length of time in its largest unit, rounded down; hours from 2 on, days likewise."""
    if seconds < 2 * _HOUR_S:
        return int(seconds // _MINUTE_S), "min"
    if seconds < 2 * _DAY_S:
        return int(seconds // _HOUR_S), "h"
    return int(seconds // _DAY_S), "days"
