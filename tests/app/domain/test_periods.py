from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from hotelctl.app.domain.periods import Period, PeriodKind, before, period_at, zone

_BERLIN = zone("Europe/Berlin")


def _utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]  # year, month and so on


@pytest.mark.parametrize(
    ("kind", "start", "end"),
    [
        (PeriodKind.HOUR, _utc(2026, 7, 31, 22), _utc(2026, 7, 31, 23)),
        (PeriodKind.DAY, _utc(2026, 7, 31, 22), _utc(2026, 8, 1, 22)),
        (PeriodKind.WEEK, _utc(2026, 7, 26, 22), _utc(2026, 8, 2, 22)),
        (PeriodKind.MONTH, _utc(2026, 7, 31, 22), _utc(2026, 8, 31, 22)),
    ],
)
def test_a_period_is_that_of_the_hotels_clock(kind: PeriodKind, start: datetime, end: datetime) -> None:
    assert period_at(kind, _utc(2026, 7, 31, 22, 30), _BERLIN) == Period(kind, start, end)


def test_a_day_in_which_the_clock_is_put_back_is_longer() -> None:
    day = period_at(PeriodKind.DAY, _utc(2026, 10, 25, 12), _BERLIN)
    assert day.end - day.start == timedelta(hours=25)


def test_a_day_in_which_the_clock_is_put_forward_is_shorter() -> None:
    day = period_at(PeriodKind.DAY, _utc(2026, 3, 29, 12), _BERLIN)
    assert day.end - day.start == timedelta(hours=23)


def test_the_hour_that_comes_twice_is_two_hours() -> None:
    first, second = (period_at(PeriodKind.HOUR, _utc(2026, 10, 25, hour, 30), _BERLIN) for hour in (0, 1))
    assert first.start.astimezone(_BERLIN).hour == second.start.astimezone(_BERLIN).hour == 2
    assert first.end == second.start


@pytest.mark.parametrize(("year", "days"), [(2028, 29), (2026, 28), (2100, 28), (2000, 29)])
def test_a_february_has_its_days(year: int, days: int) -> None:
    month = period_at(PeriodKind.MONTH, _utc(year, 2, 10), zone("UTC"))
    assert month.end - month.start == timedelta(days=days)
    leap = period_at(PeriodKind.DAY, _utc(2028, 2, 29, 12), _BERLIN)
    assert (leap.start, leap.end) == (_utc(2028, 2, 28, 23), _utc(2028, 2, 29, 23))


def test_a_day_without_its_midnight_begins_with_its_first_moment() -> None:
    """In Beirut the clock is put forward at midnight."""
    day = period_at(PeriodKind.DAY, _utc(2026, 3, 29, 9), zone("Asia/Beirut"))
    assert day.start == _utc(2026, 3, 28, 22)
    assert day.end - day.start == timedelta(hours=23)


# Changes at midnight, by half an hour, of a whole day, on the other half of the world, and none.
_ZONES = (
    "Asia/Beirut",
    "America/Havana",
    "Africa/Cairo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Asia/Tokyo",
)


# A year in steps that meet every hour of the day, and the days around the one that Samoa left out.
_MOMENTS = [
    *(_utc(2026, 1, 1) + number * timedelta(hours=37, minutes=43) for number in range(232)),
    *(_utc(2011, 12, 29) + number * timedelta(hours=5) for number in range(20)),
]


@pytest.mark.parametrize("name", [*_ZONES, "Europe/Berlin", "America/New_York"])
def test_every_moment_is_in_one_period_and_periods_have_no_gaps(name: str) -> None:
    clock = zone(name)
    assert clock.key == name
    for kind, moment in product(PeriodKind, _MOMENTS):
        found = period_at(kind, moment, clock)
        assert found.start <= moment < found.end
        assert period_at(kind, found.start, clock) == found
        assert period_at(kind, found.end, clock).start == found.end
        assert before(found, clock).end == found.start


@pytest.mark.parametrize("kind", PeriodKind)
def test_the_period_before_ends_where_this_one_begins(kind: PeriodKind) -> None:
    present = period_at(kind, _utc(2026, 3, 29, 12), _BERLIN)
    assert before(present, _BERLIN).end == present.start


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone(name).key == "UTC"
