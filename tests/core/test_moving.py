import pytest

from hotelctl.core.moving import Unit, comparing, moved, progress


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


@pytest.mark.parametrize(
    ("done", "total", "unit", "paced", "words"),
    [
        (0, 0, Unit.BYTES, (0, 0.0), "what"),
        (500_000, 2_000_000, Unit.BYTES, (0, 0.0), "what, 500.0 kB of 2.0 MB"),
        (500_000, 2_000_000, Unit.BYTES, (500_000, 2.0), "what, 500.0 kB of 2.0 MB, 250.0 kB/s, 6 s left"),
        (2_000_000, 2_000_000, Unit.BYTES, (1000, 1.0), "what, 2.0 MB of 2.0 MB, 1.0 kB/s"),
        (1200, 0, Unit.ROWS, (1200, 2.0), "what, 1,200 rows, 600 rows/s"),
        (1, 100, Unit.ROWS, (0, 5.0), "what, 1 of 100 rows"),
    ],
)
def test_how_far_a_migration_is(
    done: int, total: int, unit: Unit, paced: tuple[int, float], words: str
) -> None:
    assert moved("what", done, total, unit, paced) == words


def test_what_is_compared_has_rate_and_time_left() -> None:
    assert comparing("a.b", (0, 1), (0, 0), 3.0) == "comparing a.b, 0 of 1 table done"
    assert comparing("a.b", (1, 3), (500, 1500), 5.0) == (
        "comparing a.b, 1 of 3 tables done, 500 of 1,500 rows, 100 rows/s, 10 s left"
    )
