"""Moments as people in the hotel say them."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

_MINUTE_S, _HOUR_S, _DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class LocalTime:
    """What a moment is called now, in the hotel's time zone."""

    now: datetime
    zone: ZoneInfo

    def at(self, moment: datetime) -> str:
        """`14:05` for today, else with the date."""
        local, today = moment.astimezone(self.zone), self.now.astimezone(self.zone)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        year = f" {local.year}" if local.year != today.year else ""
        return f"{local.day} {local:%b}{year}, {local:%H:%M}"

    def ago(self, moment: datetime) -> str:
        """How long it has been: `just now`, `5 min ago`."""
        passed_s = (self.now - moment).total_seconds()
        return "just now" if passed_s < _MINUTE_S else f"{span(passed_s)} ago"

    def due(self, moment: datetime) -> str:
        """How long there is, or by how much it is late."""
        left_s = (moment - self.now).total_seconds()
        return f"due in {span(left_s)}" if left_s >= 0 else f"{span(-left_s)} late"

    def is_late(self, moment: datetime) -> bool:
        """Whether the moment has passed."""
        return moment < self.now


def now_in(timezone: str) -> LocalTime:
    """The present moment by the clock of a time zone; of UTC where there is none of this name."""
    try:
        zone = ZoneInfo(timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        zone = ZoneInfo("UTC")
    return LocalTime(datetime.now(UTC), zone)


def span(seconds: float) -> str:
    """A length of time in its largest unit, rounded down; hours from 2 on, days likewise."""
    if seconds < 2 * _HOUR_S:
        return f"{int(seconds // _MINUTE_S)} min"
    if seconds < 2 * _DAY_S:
        return f"{int(seconds // _HOUR_S)} h"
    return f"{int(seconds // _DAY_S)} days"
