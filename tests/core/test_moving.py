import pytest

from hotelctl.core.moving import progress


@pytest.mark.parametrize(
    ("rows", "total", "took_s", "words"),
    [
        (0, 0, 0.0, "1.5 MB, 0 rows"),
        (0, 5000, 2.0, "1.5 MB, 0 of 5,000 rows"),
        (1, 0, 0.5, "1.5 MB, 1 row, 2 rows/s"),
        (1000, 5000, 2.0, "1.5 MB, 1,000 of 5,000 rows, 500 rows/s, 8 s left"),
        (1000, 100_000, 2.0, "1.5 MB, 1,000 of 100,000 rows, 500 rows/s, 3 min 18 s left"),
        (5000, 5000, 10.0, "1.5 MB, 5,000 of 5,000 rows, 500 rows/s, indexes and keys next"),
    ],
)
def test_what_is_known_is_told(rows: int, total: int, took_s: float, words: str) -> None:
    assert progress(rows, total, 1_500_000, took_s) == words
