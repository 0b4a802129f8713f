import pytest

from hotelctl.app.domain.assistant.typos import corrected, similarity

_KNOWN = ["Breakfast buffet", "Parking garage", "Frühstück Öffnungszeiten"]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("when is brekfast", "when is breakfast"),
        ("parkin", "parking"),
        ("Frühstuk", "fruhstuck"),
        ("breakfast", "breakfast"),
        ("helicopter", "helicopter"),
        ("bar", "bar"),
        ("12345", "12345"),
    ],
)
def test_only_near_words_are_set_right(typed: str, meant: str) -> None:
    assert corrected(typed, _KNOWN) == meant


def test_similarity_is_that_of_pg_trgm() -> None:
    assert similarity("word", "word") == 1.0
    assert similarity("word", "words") == pytest.approx(4 / 7)
    assert similarity("abc", "xyz") == 0.0
