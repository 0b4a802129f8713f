"""Moments in the words of a page: by the hotel's clock, in the reader's language."""

from dataclasses import dataclass
from datetime import date, datetime

from hotelctl.app.domain.local_time import LocalTime, now_in, span
from hotelctl.app.domain.texts import Texts

_MINUTE_S = 60


@dataclass(frozen=True, slots=True)
class Clock:
    """What moments are called now."""

    time: LocalTime
    t: Texts

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.time.now

    def is_late(self, moment: datetime) -> bool:
        """Whether the moment has passed."""
        return moment < self.time.now

    def at(self, moment: datetime) -> str:
        """`14:05` for today, else with the date."""
        local, today = self.time.local(moment), self.time.local(self.time.now)
        if local.date() == today.date():
            return f"{local:%H:%M}"
        key = "clock.at" if local.year == today.year else "clock.at_year"
        month = self.t.word("clock.months_short", local.month - 1)
        return self.t(key, n=local.day, month=month, year=local.year, time=f"{local:%H:%M}")

    def told(self, moment: str) -> str:
        """The same of a moment that a history tells."""
        return self.at(datetime.fromisoformat(moment))

    def day(self, day: date) -> str:
        """A day with all its names: `Sunday, 1 March 2026`."""
        weekday = self.t.word("clock.weekdays", day.weekday())
        month = self.t.word("clock.months", day.month - 1)
        return self.t("clock.day", weekday=weekday, n=day.day, month=month, year=day.year)

    def ago(self, moment: datetime) -> str:
        """How long it has been: `just now`, `5 min ago`."""
        passed_s = (self.time.now - moment).total_seconds()
        return self.t("clock.now") if passed_s < _MINUTE_S else self._told("ago", passed_s)

    def due(self, moment: datetime) -> str:
        """How long there is, or by how much it is late."""
        left_s = (moment - self.time.now).total_seconds()
        return self._told("due", left_s) if left_s >= 0 else self._told("late", -left_s)

    def length(self, seconds: float) -> str:
        """A length of time: below a second in milliseconds, below a minute in seconds with a decimal."""
        if 0 < seconds < 1:
            return self.t("clock.length_ms", n=round(seconds * 1000))
        if seconds < _MINUTE_S:
            return self.t("clock.length_s", seconds=self.t.number(seconds, 1))
        return self._told("length", seconds)

    def _told(self, what: str, seconds: float) -> str:
        number, unit = span(seconds)
        return self.t(f"clock.{what}_{unit}", n=number)


def clock_in(timezone: str, t: Texts) -> Clock:
    """The present moment by the clock of a time zone; of UTC where there is none of this name."""
    return Clock(now_in(timezone), t)
