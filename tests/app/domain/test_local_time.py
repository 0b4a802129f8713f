from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.domain.local_time import LocalTime, now_in, span

_NOW = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)
_CLOCK = LocalTime(_NOW, ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        (datetime(2026, 3, 1, 21, 5, tzinfo=UTC), "22:05"),
        (datetime(2026, 2, 28, 23, 30, tzinfo=UTC), "00:30"),
        (datetime(2026, 3, 1, 23, 5, tzinfo=UTC), "2 Mar, 00:05"),
        (datetime(2025, 12, 31, 12, 0, tzinfo=UTC), "31 Dec 2025, 13:00"),
    ],
)
def test_a_moment_is_told_by_the_hotel_s_clock(moment: datetime, told: str) -> None:
    assert _CLOCK.at(moment) == told


@pytest.mark.parametrize(
    ("seconds", "told"),
    [(0, "0 min"), (119, "1 min"), (7199, "119 min"), (7200, "2 h"), (172_799, "47 h"), (172_800, "2 days")],
)
def test_a_span_has_one_unit(seconds: float, told: str) -> None:
    assert span(seconds) == told


def test_what_is_past_is_ago_and_late() -> None:
    earlier, later = _NOW - timedelta(minutes=5), _NOW + timedelta(hours=3)
    assert (_CLOCK.ago(earlier), _CLOCK.ago(_NOW)) == ("5 min ago", "just now")
    assert (_CLOCK.due(earlier), _CLOCK.due(later)) == ("5 min late", "due in 3 h")
    assert (_CLOCK.is_late(earlier), _CLOCK.is_late(later)) == (True, False)


@pytest.mark.parametrize(
    ("name", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Base", "UTC"), ("../x", "UTC"), ("", "UTC")]
)
def test_a_time_zone_that_is_none_is_utc(name: str, zone: str) -> None:
    clock = now_in(name)
    assert clock.zone.key == zone
    assert abs(clock.now - datetime.now(UTC)) < timedelta(minutes=1)
