"""A clock that moves only when a test, or a sleep, moves it."""

from datetime import UTC, datetime, timedelta


class FakeClock:
    """Starts at noon of 1 March 2026 UTC; `slept` lists every wait."""

    def __init__(self, start: datetime = datetime(2026, 3, 1, 12, tzinfo=UTC)) -> None:
        self._start = start
        self._passed_s = 0.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        """The start plus all that passed."""
        return self._start + timedelta(seconds=self._passed_s)

    def monotonic(self) -> float:
        """Seconds that passed since the start."""
        return self._passed_s

    def sleep(self, seconds: float) -> None:
        """Pass the time at once."""
        self.slept.append(seconds)
        self.advance(seconds)

    def advance(self, seconds: float) -> None:
        """Let time pass without anybody waiting."""
        self._passed_s += seconds
