"""What long work tells people while it runs."""

from typing import Protocol


class Observer(Protocol):
    """Told of every check and step as it begins, speaks and ends; draws, prints or ignores."""

    def began(self, n: int, total: int, name: str, title: str) -> None:
        """Number `n` of `total` starts."""
        ...

    def said(self, text: str) -> None:
        """A line about what is going on inside it."""
        ...

    def ended(self, status: str, summary: str, seconds: float) -> None:
        """It is over: done, failed, undone, or a check's status."""
        ...


class Silent:
    """An observer that shows nothing."""

    def began(self, n: int, total: int, name: str, title: str) -> None:
        """Nothing."""

    def said(self, text: str) -> None:
        """Nothing."""

    def ended(self, status: str, summary: str, seconds: float) -> None:
        """Nothing."""
