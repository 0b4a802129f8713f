import pytest

from hotelctl.app.api.password_rules import LONGEST, SHORTEST_NEW, faults_of_new
from hotelctl.app.domain.texts import texts_in


@pytest.mark.parametrize(
    ("new", "again", "field"),
    [
        ("x" * (SHORTEST_NEW - 1), "x" * (SHORTEST_NEW - 1), "new"),
        ("x" * (LONGEST + 1), "x" * (LONGEST + 1), "new"),
        ("x" * SHORTEST_NEW, "y" * SHORTEST_NEW, "again"),
        ("", "", "new"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(new: str, again: str, field: str) -> None:
    assert list(faults_of_new(texts_in("en"), new, again)) == [field]


@pytest.mark.parametrize("length", [SHORTEST_NEW, LONGEST])
def test_both_ends_are_allowed(length: int) -> None:
    assert faults_of_new(texts_in("en"), "x" * length, "x" * length) == {}
