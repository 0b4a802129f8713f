"""The day on which is judged."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Today:
    """The day in UTC: what ends on a day is judged by it, and nothing else that a server says is."""

    day: date
