from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from hotelctl.app.api.clock import Clock, clock_in
from hotelctl.app.domain.assistant.language import LANGUAGES
from hotelctl.app.domain.local_time import LocalTime
from hotelctl.app.domain.texts import texts_in

_NOW = datetime(2026, 3, 1, 22, 30, tzinfo=UTC)


def _clock(language: str = "en") -> Clock:
    return Clock(LocalTime(_NOW, ZoneInfo("Europe/Berlin")), texts_in(language))


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
    assert _clock().at(moment) == told


@pytest.mark.parametrize(
    ("language", "at", "day"),
    [
        ("en", "1 Jan 2025, 13:00", "Wednesday, 1 January 2025"),
        ("de", "1. Jan. 2025, 13:00", "Mittwoch, 1. Januar 2025"),
        ("fr", "1er janv. 2025, 13:00", "Mercredi 1er janvier 2025"),
        ("es", "1 ene 2025, 13:00", "Miércoles, 1 de enero de 2025"),
        ("it", "1º gen 2025, 13:00", "Mercoledì 1º gennaio 2025"),
    ],
)
def test_a_date_is_written_as_the_language_does(language: str, at: str, day: str) -> None:
    clock = _clock(language)
    assert clock.at(datetime(2025, 1, 1, 12, 0, tzinfo=UTC)) == at
    assert clock.day(date(2025, 1, 1)) == day


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_day_and_month_has_a_name_of_its_own(language: str) -> None:
    clock = _clock(language)
    days = {clock.day(date(2024, 1, 1) + timedelta(days=day)) for day in range(366)}
    assert len(days) == 366
    assert len({told.split()[0] for told in days}) == 7
    assert len({clock.at(datetime(2025, month, 3, tzinfo=UTC)) for month in range(1, 13)}) == 12


def test_what_is_past_is_ago_and_late() -> None:
    clock = _clock()
    earlier, later = _NOW - timedelta(minutes=5), _NOW + timedelta(hours=3)
    assert (clock.ago(earlier), clock.ago(_NOW)) == ("5 min ago", "just now")
    assert (clock.due(earlier), clock.due(later)) == ("5 min late", "due in 3 h")
    assert (clock.is_late(earlier), clock.is_late(later)) == (True, False)


def test_a_length_of_time_has_the_words_and_the_comma_of_the_language() -> None:
    clock = _clock("de")
    assert clock.ago(_NOW - timedelta(days=3)) == "vor 3 Tagen"
    assert clock.due(_NOW - timedelta(days=3)) == "3 Tage überfällig"
    assert [clock.length(seconds) for seconds in (1.25, 59.9, 60, 7200)] == [
        *("1,2 s", "59,9 s", "1 Min.", "2 Std."),
    ]
    assert _clock().length(1.5) == "1.5 s"
    assert [_clock().length(seconds) for seconds in (0.046, 0.9996, 0)] == ["46 ms", "1000 ms", "0.0 s"]


def test_the_clock_of_a_hotel_shows_the_present() -> None:
    clock = clock_in("Asia/Tokyo", texts_in("en"))
    assert clock.time.zone.key == "Asia/Tokyo"
    assert abs(clock.now - datetime.now(UTC)) < timedelta(minutes=1)
