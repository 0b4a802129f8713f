import pytest

from hotelctl.app.domain.brand import Brand, of_hotel


def test_a_hotel_that_never_said_anything_has_none() -> None:
    assert of_hotel({}) == Brand(None, None)


def test_what_stands_in_the_row_is_the_brand() -> None:
    stored = {"color": "#1f4e79", "widget_title": "Concierge", "logo_key": "x"}
    assert of_hotel(stored) == Brand("#1f4e79", "Concierge")


@pytest.mark.parametrize(
    "stored",
    [
        {"color": "red", "widget_title": ""},
        {"color": "#1f4e79;} body {", "widget_title": "x" * 61},
        {"color": "#1f4e79\n", "widget_title": 5},
        {"color": 7, "widget_title": None},
    ],
)
def test_what_is_no_colour_and_no_title_counts_as_nothing(stored: dict[str, object]) -> None:
    assert of_hotel(stored) == Brand(None, None)
