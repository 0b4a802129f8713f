from datetime import UTC, datetime, timedelta

import pytest

from hotelctl.app.domain.ids import uuid7
from hotelctl.app.domain.rounds import OpenWork, floor_of, in_order

_NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _work(room: str | None, age_h: int, priority: str = "MEDIUM") -> OpenWork:
    return OpenWork(uuid7(), "work", room, priority, _NOON - timedelta(hours=age_h))


@pytest.mark.parametrize(
    ("room", "floor"), [("304", 3), ("12", 0), ("Suite 1501", 15), ("Garden", None), (None, None)]
)
def test_the_floor_is_the_hundreds_of_the_number(room: str | None, floor: int | None) -> None:
    assert floor_of(room) == floor


def test_priority_then_the_floor_of_the_oldest_then_age() -> None:
    work = [
        _work("301", 9, "LOW"),
        _work("102", 1),
        _work("201", 5),
        _work("103", 6),
        _work(None, 2, "URGENT"),
    ]
    assert [one.room_label for one in in_order(work)] == [None, "103", "102", "201", "301"]
