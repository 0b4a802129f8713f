from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.domain.local_time import LocalTime, now_in, span


def test_a_moment_is_what_the_clock_on_the_wall_shows() -> None:
    noon = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert f"{LocalTime(noon, ZoneInfo('Europe/Berlin')).local(noon):%d %H:%M}" == "02 00:30"


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (0, (0, "min")),
        (119, (1, "min")),
        (7199, (119, "min")),
        (7200, (2, "h")),
        (172_799, (47, "h")),
        (172_800, (2, "days")),
    ],
)
def test_a_span_has_one_unit(seconds: float, told: tuple[int, str]) -> None:
    assert span(seconds) == told


@pytest.mark.parametrize(
    ("name", "zone"), [("Asia/Tokyo", "Asia/Tokyo"), ("Mars/Base", "UTC"), ("../x", "UTC"), ("", "UTC")]
)
def test_a_time_zone_that_is_none_is_utc(name: str, zone: str) -> None:
    clock = now_in(name)
    assert clock.zone.key == zone
    assert abs(clock.now - datetime.now(UTC)) < timedelta(minutes=1)
