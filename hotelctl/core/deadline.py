"""A point in monotonic time that work must not pass."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """`monotonic` is read on every question, so one deadline serves many waits."""

    at_s: float
    monotonic: Callable[[], float]

    @classmethod
    def after(cls, seconds: float, monotonic: Callable[[], float]) -> "Deadline":
        """The deadline `seconds` from now."""
        return cls(monotonic() + seconds, monotonic)

    def remaining_s(self) -> float:
        """Seconds left, never below zero."""
        return max(0.0, self.at_s - self.monotonic())

    def passed(self) -> bool:
        """Whether no time is left."""
        return self.remaining_s() == 0.0
