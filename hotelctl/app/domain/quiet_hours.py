"""The hours of the day in which a hotel wants no mail that can wait."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

_SPAN = re.compile(r"\s*(\d{1,2}):(\d\d)\s*[-\N{EN DASH}]\s*(\d{1,2}):(\d\d)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuietHours:
    """From one time of day until another by the hotel's clock, past midnight where the end comes first."""

    start: time
    end: time

    @classmethod
    def read(cls, words: str) -> Self:
        """What `22:00-07:00` says. Raises ValueError for what is no such span, or has no length."""
        found = _SPAN.fullmatch(words)
        if found is None:
            raise ValueError("must be two times of day, as in 22:00-07:00")
        hour, minute, end_hour, end_minute = map(int, found.groups())
        hours = cls(time(hour, minute), time(end_hour, end_minute))
        if hours.start == hours.end:
            raise ValueError("must end at another time than they begin")
        return hours

    def __str__(self) -> str:
        """As `read` takes it."""
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def over_at(self, moment: datetime, zone: ZoneInfo) -> datetime | None:
        """The moment, in UTC, at which the quiet hours end that hold now; None where none hold."""
        local = moment.astimezone(zone)
        now = local.time()
        if not self._hold(now):
            return None
        day = local.date() + timedelta(days=1 if now >= self.end else 0)
        # In a night in which the clock is changed: when it shows the end for the last time.
        ends = (datetime.combine(day, self.end.replace(fold=fold), zone) for fold in (0, 1))
        return max(end.astimezone(UTC) for end in ends)

    def _hold(self, now: time) -> bool:
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


def of_hotel(settings: Mapping[str, object]) -> QuietHours | None:
    """What holds for a hotel with these settings: `quiet_hours`; what cannot be read is as if not there."""
    wish = settings.get("quiet_hours")
    try:
        return QuietHours.read(wish) if isinstance(wish, str) else None
    except ValueError:
        return None
