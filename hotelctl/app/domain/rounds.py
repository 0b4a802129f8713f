"""In which order housekeeping goes through the house."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

PRIORITIES = ("URGENT", "HIGH", "MEDIUM", "LOW")
_ROOM_DIGITS = re.compile(r"\d+")
_ROOMS_A_FLOOR = 100


@dataclass(frozen=True, slots=True)
class OpenWork:
    """A work order that waits."""

    work_order_id: UUID
    title: str
    room_label: str | None
    priority: str
    created_at: datetime


def floor_of(room_label: str | None) -> int | None:
    """The floor that a room's number tells: 3 for 304, 0 for 12; None where it tells none."""
    found = _ROOM_DIGITS.search(room_label or "")
    return int(found[0]) // _ROOMS_A_FLOOR if found else None


def in_order(waiting: Sequence[OpenWork]) -> list[OpenWork]:
    """Urgent work first; within a priority floor by floor, the floor of the oldest work first."""
    oldest: dict[tuple[str, int | None], datetime] = {}
    for work in waiting:
        place = work.priority, floor_of(work.room_label)
        oldest[place] = min(oldest.get(place, work.created_at), work.created_at)
    return sorted(
        waiting,
        key=lambda work: (
            PRIORITIES.index(work.priority),
            oldest[work.priority, floor_of(work.room_label)],
            str(floor_of(work.room_label)),
            work.created_at,
        ),
    )
