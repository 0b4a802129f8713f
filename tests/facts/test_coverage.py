import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.coverage import Coverage, parse_cobertura


def test_branches_are_read_from_the_root() -> None:
    assert parse_cobertura(b'<coverage branches-valid="8" branches-covered="6" branch-rate="0"/>') == (8, 6)
    assert Coverage("c.xml", 8, 6, 0.5, Location("x")).share == 0.75


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"{}", "is no XML"),
        (b"<report/>", "its root is <report>"),
        (b'<coverage branches-valid="0" branches-covered="0"/>', "run the tests with branch coverage"),
        (b"<coverage/>", "run the tests with branch coverage"),
        (b'<coverage branches-valid="many" branches-covered="1"/>', "counts no branches: invalid literal"),
        (b'<coverage branches-valid="1" branches-covered="2"/>', "tells of 2 branches of 1"),
    ],
)
def test_what_measures_no_branches_is_unavailable(data: bytes, words: str) -> None:
    with pytest.raises(Unavailable, match=words):
        parse_cobertura(data)
