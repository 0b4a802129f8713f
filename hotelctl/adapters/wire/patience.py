"""How long the statements of one migration are looked at: a file of thousands could be without end."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from hotelctl.core.errors import Unavailable

# For looking alone: what a statement takes itself is limited where it is sent.
_MOST_S = 180.0


class Patience:
    """Adds up what looking took, by whatever session."""

    def __init__(self) -> None:
        """Nothing was looked at yet."""
        self._spent_s = 0.0

    @contextmanager
    def looking(self, number: int) -> Iterator[None]:
        """Inside, one more is looked at behind `number` others.

        Raises:
            Unavailable: they took all the time that there is.

        """
        if self._spent_s > _MOST_S:
            raise Unavailable(
                f"{number:,} statements were watched for {_MOST_S:g} s, and those behind them were not: let "
                "rows come by COPY, or many by one INSERT"
            )
        started = time.perf_counter()
        try:
            yield
        finally:
            self._spent_s += time.perf_counter() - started

    def leave_out(self, took_ms: float) -> None:
        """So much of it was the statement's own."""
        self._spent_s -= took_ms / 1000
