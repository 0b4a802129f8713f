"""Hours, days, weeks and months as a hotel's clock counts them."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


class PeriodKind(StrEnum):
    """What a figure is about."""

    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """From `start` until just before `end`, both aware."""

    kind: PeriodKind
    start: datetime
    end: datetime


# Names of the time zone data that are no place and no time of people.
_NO_PLACES = ("Etc/", "SystemV/", "posix/", "right/", "US/")


@cache
def zones() -> tuple[str, ...]:
    """The time zones that there are to choose from, UTC first."""
    places = {name for name in available_timezones() if "/" in name and not name.startswith(_NO_PLACES)}
    return ("UTC", *sorted(places))


def zone(name: str) -> ZoneInfo:
    """The time zone of this name; UTC where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def period_at(kind: PeriodKind, moment: datetime, clock: ZoneInfo) -> Period:
    """The period of this sort that the moment is in; weeks begin on Monday."""
    if kind is PeriodKind.HOUR:
        # An hour is an hour, also where the clock is put back.
        start = moment.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        return Period(kind, start, start + timedelta(hours=1))
    day = moment.astimezone(clock).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
    if kind is PeriodKind.DAY:
        start, end = day, day + timedelta(days=1)
    elif kind is PeriodKind.WEEK:
        start = day - timedelta(days=day.weekday())
        end = start + timedelta(days=7)
    else:
        start = day.replace(day=1)
        end = (start + timedelta(days=32)).replace(day=1)
    return Period(kind, start.astimezone(UTC), end.astimezone(UTC))


def before(period: Period, clock: ZoneInfo) -> Period:
    """The period of the same sort just before."""
    return period_at(period.kind, period.start - timedelta(microseconds=1), clock)
