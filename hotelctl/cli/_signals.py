"""The first interrupt lets the current action end, the second one is as abrupt as a kill."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class StopRequest:
    """Whether somebody asked this operation to stop."""

    def __init__(self) -> None:
        """Nobody did yet."""
        self._asked = False

    def __call__(self) -> bool:
        """The answer now."""
        return self._asked

    def take(self, _number: int, _frame: FrameType | None) -> None:
        """Note the first signal; end at once at the second, which the journal makes safe."""
        if self._asked:
            os.kill(os.getpid(), signal.SIGKILL)
        self._asked = True
        sys.stderr.write("hotelctl: stopping after the current action; once more ends it at once\n")


@contextmanager
def stop_request() -> Iterator[StopRequest]:
    """INT and TERM ask the operation inside the block to stop."""
    request = StopRequest()
    former = {number: signal.signal(number, request.take) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield request
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
