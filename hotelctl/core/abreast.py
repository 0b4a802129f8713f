"""Several slow questions at once, as a port."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

Result = TypeVar("Result")
Other = TypeVar("Other")


class Abreast(Protocol):
    """Work that waits for others."""

    def each(self, jobs: Sequence[Callable[[], Result]]) -> tuple[Result, ...]:
        """What each job returns, in their order; what they recorded counts as recorded by the caller."""
        ...

    def both(self, one: Callable[[], Result], other: Callable[[], Other]) -> tuple[Result, Other]:
        """The same of two jobs that return different things."""
        ...
