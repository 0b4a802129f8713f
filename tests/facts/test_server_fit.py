from datetime import date
from itertools import pairwise

import pytest

from hotelctl.facts.created_extensions import CreatedExtension
from hotelctl.facts.server_fit import END_OF_LIFE, ServerFit, milliseconds


def _fit(version: str, *wanted: CreatedExtension) -> ServerFit:
    return ServerFit("live", version, 18, "app", {}, wanted, frozenset({"citext"}))


@pytest.mark.parametrize(
    ("version", "today", "major", "ended"),
    [
        ("18.4", date(2026, 11, 30), 18, None),
        ("15.9 (Debian 15.9-1)", date(2026, 11, 30), 15, None),
        ("14.20", date(2026, 11, 12), 14, None),
        ("14.20", date(2026, 11, 13), 14, date(2026, 11, 12)),
        ("9.6.24", date(2026, 11, 30), 9, date(2021, 11, 11)),
        ("8.4.22", date(2026, 11, 30), 8, date(2021, 11, 11)),
        ("19beta1", date(2026, 11, 30), 19, None),
    ],
)
def test_a_version_is_mended_until_its_last_release(
    version: str, today: date, major: int, ended: date | None
) -> None:
    fit = _fit(version)
    assert (fit.major, fit.ended(today)) == (major, ended)


def test_one_major_ends_each_year() -> None:
    dates = [END_OF_LIFE[major] for major in sorted(END_OF_LIFE)]
    assert all(300 < (two - one).days < 430 for one, two in pairwise(dates))


def test_an_extension_is_lacking_where_it_is_asked_for_first() -> None:
    wanted = [CreatedExtension("pg_trgm", "1.sql", 3), CreatedExtension("citext", "1.sql", 4)]
    again = CreatedExtension("pg_trgm", "2.sql", 1)
    assert _fit("18.4", *wanted, again).lacking == (wanted[0],)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("0", 0.0),
        ("'0'", 0.0),
        ("30000", 30_000.0),
        ("30s", 30_000.0),
        ("1.5 min", 90_000.0),
        ("500us", 0.5),
        ("1d", 86_400_000.0),
        ("soon", None),
        ("", None),
        ("-1", None),
    ],
)
def test_durations_as_postgresql_writes_them(text: str, value: float | None) -> None:
    assert milliseconds(text) == value
