"""The first interrupt lets the current action end, the second one is as abrupt as a kill."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
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
        # Python refuses it while the command waits for a slow reader of what it says itself.
        with suppress(RuntimeError):
            sys.stderr.write("hotelctl: stopping after the current action; once more ends it at once\n")

    def hang_up(self, _number: int, _frame: FrameType | None) -> None:
        """The terminal is gone: note it and say nothing. It may come twice, so it never ends at once."""
        self._asked = True


@contextmanager
def stop_request() -> Iterator[StopRequest]:
    """INT, TERM and HUP ask the operation inside the block to stop; nohup keeps its meaning."""
    request = StopRequest()
    former = {number: signal.signal(number, request.take) for number in (signal.SIGINT, signal.SIGTERM)}
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        former[signal.SIGHUP] = signal.signal(signal.SIGHUP, request.hang_up)
    try:
        yield request
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)
