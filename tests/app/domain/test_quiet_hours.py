from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.domain.quiet_hours import QuietHours, of_hotel

_BERLIN = ZoneInfo("Europe/Berlin")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("22:00-07:00", "22:00-07:00"),
        (" 7:30 \N{EN DASH} 9:05 ", "07:30-09:05"),
        ("00:00-23:59", "00:00-23:59"),
    ],
)
def test_two_times_of_day_are_read_and_told_in_one_way(words: str, told: str) -> None:
    assert str(QuietHours.read(words)) == told


@pytest.mark.parametrize(
    "words",
    ["", "22:00", "22-7", "24:00-07:00", "22:60-07:00", "22:00-07:00-08:00", "ten-seven", "٢٢:00-07:00"],
)
def test_what_is_no_span_is_refused(words: str) -> None:
    with pytest.raises(ValueError, match=r"time|hour|minute"):
        QuietHours.read(words)


def test_a_span_without_a_length_is_refused() -> None:
    with pytest.raises(ValueError, match="another time"):
        QuietHours.read("07:00-7:00")


@pytest.mark.parametrize(
    ("words", "local", "over"),
    [
        ("22:00-07:00", (12, 1, 21, 59), None),
        ("22:00-07:00", (12, 1, 22, 0), (12, 2, 6, 0)),
        ("22:00-07:00", (12, 2, 0, 30), (12, 2, 6, 0)),
        ("22:00-07:00", (12, 2, 6, 59), (12, 2, 6, 0)),
        ("22:00-07:00", (12, 2, 7, 0), None),
        ("13:00-15:00", (12, 1, 12, 59), None),
        ("13:00-15:00", (12, 1, 14, 0), (12, 1, 14, 0)),
        ("13:00-15:00", (12, 1, 15, 0), None),
    ],
)
def test_they_hold_by_the_hotel_s_clock_until_they_end(
    words: str, local: tuple[int, int, int, int], over: tuple[int, int, int, int] | None
) -> None:
    moment = datetime(2026, *local, tzinfo=_BERLIN)
    expected = None if over is None else datetime(2026, *over, tzinfo=UTC)
    assert QuietHours.read(words).over_at(moment, _BERLIN) == expected


@pytest.mark.parametrize(
    ("moment", "over"),
    [
        # The clock goes from 2:00 to 3:00: it never shows 2:30.
        (datetime(2026, 3, 28, 23, 0, tzinfo=UTC), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),
        # The clock goes from 3:00 back to 2:00: it shows 2:30 twice.
        (datetime(2026, 10, 25, 0, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
        (datetime(2026, 10, 25, 1, 10, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)),
    ],
)
def test_they_end_after_now_also_where_the_clock_is_changed(moment: datetime, over: datetime) -> None:
    assert QuietHours.read("22:00-02:30").over_at(moment, _BERLIN) == over


@pytest.mark.parametrize("wish", [None, "", "always", True, {"start": "22:00"}, "07:00-07:00"])
def test_a_hotel_whose_wish_cannot_be_read_has_none(wish: object) -> None:
    assert of_hotel({"quiet_hours": wish}) is None
    assert of_hotel({}) is None


def test_a_hotel_s_wish_holds() -> None:
    assert str(of_hotel({"quiet_hours": "22:00-07:00"})) == "22:00-07:00"
