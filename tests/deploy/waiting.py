"""Waiting for what another thread does."""

import time
from collections.abc import Callable


def came_true(holds: Callable[[], bool], limit_s: float = 60) -> bool:
    """Whether it did within the limit."""
    until = time.monotonic() + limit_s
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()
