"""Several slow questions at once, as a port."""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

Result = TypeVar("Result")


class Abreast(Protocol):
    """Work that waits for others."""

    def each(self, jobs: Sequence[Callable[[], Result]]) -> tuple[Result, ...]:
        """What each job returns, in their order; what they recorded counts as recorded by the caller."""
        ...
