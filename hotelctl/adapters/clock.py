"""The machine's own clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """Time as the kernel tells it."""

    def now(self) -> datetime:
        """The aware UTC time."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that only grow."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Wait; signals' handlers run meanwhile."""
        time.sleep(seconds)
