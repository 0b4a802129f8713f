import pytest

from hotelctl.core.units import duration_s, milliseconds, size, thousands


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


def test_of_milliseconds_there_are_two_figures() -> None:
    shown = [milliseconds(value) for value in (0.00004, 0.0021, 0.0593, 0.8)]
    assert shown == ["0.04 ms", "2.1 ms", "59 ms", "800 ms"]


def test_thousands_stand_apart() -> None:
    assert [thousands(count, "row") for count in (0, 1, 2300)] == ["0 rows", "1 row", "2,300 rows"]


@pytest.mark.parametrize(
    ("text", "seconds"), [("90", 90), ("90s", 90), ("30m", 1800), ("1.5h", 5400), (" 2 M ", 120)]
)
def test_a_time_is_read_in_its_unit(text: str, seconds: float) -> None:
    assert duration_s(text) == seconds


@pytest.mark.parametrize("text", ["", "m", "0", "0s", "-3s", "1d", "3 minutes", "1e3"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no time"):
        duration_s(text)
