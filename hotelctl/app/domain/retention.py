"""How long what a hotel gathers is kept."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta

# Shortest, usual and longest time in days; a hotel's own wish is held within them.
BOUNDS = {
    # Two days at least: the figures of yesterday are counted from these rows until midnight.
    "conversations": (2, 30, 365),
    "ai_payloads": (1, 30, 90),
    "session_logs": (7, 90, 365),
    "deleted_rows": (7, 30, 365),
}
# Where the network addresses and browsers of old log-ins are cut short.
ADDRESSES = timedelta(days=7)
# What has run out is kept this long, so that a question about it can be answered.
ENDED = timedelta(days=90)


@dataclass(frozen=True, slots=True)
class Retention:
    """Days for which each sort of data is kept; the conversations' begin with the end of the stay."""

    conversations: int
    ai_payloads: int
    session_logs: int
    deleted_rows: int


def of_hotel(settings: Mapping[str, object]) -> Retention:
    """What holds for a hotel with these settings: `retention_days`, a number for conversations or one a sort.

    What is no number is as if it was not there; what is out of bounds is the nearest bound.
    """
    wish = settings.get("retention_days")
    wishes = wish if isinstance(wish, Mapping) else {"conversations": wish}
    return Retention(**{field.name: _days(field.name, wishes.get(field.name)) for field in fields(Retention)})


def _days(name: str, wish: object) -> int:
    shortest, usual, longest = BOUNDS[name]
    if not isinstance(wish, int) or isinstance(wish, bool):
        return usual
    return max(shortest, min(longest, wish))
