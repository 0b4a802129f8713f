"""When a provider fails too often, it is left alone for a while."""

import time
from collections import deque
from collections.abc import Callable

FAILURES, WINDOW_S, PAUSE_S = 5, 30.0, 60.0


class Breaker:
    """Open for PAUSE_S after FAILURES within WINDOW_S; the first call after the pause is a trial."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._failed_at_s: deque[float] = deque(maxlen=FAILURES)
        self._open_until_s = float("-inf")

    @property
    def is_open(self) -> bool:
        """Whether the provider is to be left alone now."""
        return self._clock() < self._open_until_s

    def failed(self) -> None:
        """One more failure."""
        now_s = self._clock()
        self._failed_at_s.append(now_s)
        many = len(self._failed_at_s) == FAILURES and now_s - self._failed_at_s[0] <= WINDOW_S
        # Whoever failed often, was left alone and fails again has not come back.
        if many or self._open_until_s > float("-inf"):
            self._open_until_s = now_s + PAUSE_S

    def succeeded(self) -> None:
        """The provider works; earlier failures are forgotten, unless it is being left alone."""
        if not self.is_open:
            self._failed_at_s.clear()
            self._open_until_s = float("-inf")
