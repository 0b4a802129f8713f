from datetime import UTC, datetime, timedelta

from hotelctl.facts.certificate import Certificate

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def test_days_are_counted_in_parts_and_are_not_known_of_one_that_nobody_trusts() -> None:
    shown = Certificate("a.example", 443, "", NOW + timedelta(hours=36), "x", NOW, 14)
    assert shown.days_left == 1.5
    assert Certificate("a.example", 443, "expired", None, "x", NOW, 14).days_left is None
