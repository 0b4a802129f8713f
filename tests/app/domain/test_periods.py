from datetime import UTC, datetime, timedelta

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


@pytest.mark.parametrize("kind", PeriodKind)
def test_the_period_before_ends_where_this_one_begins(kind: PeriodKind) -> None:
    present = period_at(kind, _utc(2026, 3, 29, 12), _BERLIN)
    assert before(present, _BERLIN).end == present.start


@pytest.mark.parametrize("name", ["Mars/Base", "", "../etc/passwd", "Europe"])
def test_an_unknown_zone_is_utc(name: str) -> None:
    assert zone(name).key == "UTC"
