import pytest

from hotelctl.core.units import size, thousands


@pytest.mark.parametrize(
    ("count", "words"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_951, "1.0 MB"),
        (3e15, "3000.0 TB"),
    ],
)
def test_sizes_are_told_in_their_unit(count: float, words: str) -> None:
    assert size(int(count)) == words


def test_thousands_stand_apart() -> None:
    assert [thousands(count, "row") for count in (0, 1, 2300)] == ["0 rows", "1 row", "2,300 rows"]
