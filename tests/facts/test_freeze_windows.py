from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hotelctl.facts.freeze_windows import parse_weekly, weekly_end

WEEKEND = "fri 16:00 - mon 08:00"


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    """In a week that begins on Monday, 2 March 2026."""
    return datetime(2026, 3, 1 + day, hour, minute, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "until"),
    [
        (_at(5, 15, 59), None),
        (_at(5, 16), _at(8, 8)),
        (_at(7, 12), _at(8, 8)),
        (_at(1, 7, 59), _at(1, 8)),
        (_at(1, 8), None),
    ],
)
def test_a_window_may_go_over_the_end_of_the_week(now: datetime, until: datetime | None) -> None:
    assert weekly_end(WEEKEND, now) == (until and until.replace(second=0))


def test_a_window_within_a_day() -> None:
    assert weekly_end("tue 09:00 - tue 09:30", _at(2, 9, 29)) == _at(2, 9, 30).replace(second=0)
    assert weekly_end("tue 09:00 - tue 09:30", _at(2, 9, 30)) is None


def test_the_clock_is_that_of_the_zone() -> None:
    now = _at(5, 15).astimezone(ZoneInfo("Europe/Berlin"))
    assert weekly_end(WEEKEND, now) is not None
    assert weekly_end(WEEKEND, _at(5, 15)) is None


@pytest.mark.parametrize(
    "text", ["fri", "fri 24:00 - mon 08:00", "fri 16:00-mon 08:00", "mon 08:00 - mon 08:00"]
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not written|ends when"):
        parse_weekly(text)
