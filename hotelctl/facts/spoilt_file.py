"""A file that hotelctl wrote and that nobody can read any more."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SpoiltFile:
    """Which one, relative to the project, and why it cannot be read."""

    path: str
    why: str

    def __str__(self) -> str:
        """One line for people."""
        return f"{self.path}: cannot be read: {self.why}"
