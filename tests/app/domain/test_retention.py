import pytest

from hotelctl.app.domain.retention import Retention, of_hotel


@pytest.mark.parametrize(
    ("wish", "days"),
    [
        (None, Retention(30, 30, 90, 30)),
        (14, Retention(14, 30, 90, 30)),
        (0, Retention(2, 30, 90, 30)),
        (9999, Retention(365, 30, 90, 30)),
        (True, Retention(30, 30, 90, 30)),
        ("7", Retention(30, 30, 90, 30)),
        ({"session_logs": 1, "deleted_rows": 400, "ai_payloads": 90}, Retention(30, 90, 7, 365)),
    ],
)
def test_a_hotels_wish_holds_within_bounds(wish: object, days: Retention) -> None:
    assert of_hotel({"retention_days": wish}) == days


def test_without_a_wish_the_usual_times_hold() -> None:
    assert of_hotel({}) == Retention(30, 30, 90, 30)
