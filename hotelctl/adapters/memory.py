"""The memory of a process and of all below it, looked at every second while something else is waited for."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import psutil

EVERY_S = 1.0
NOT_FOUND = "the process of the release was not found"
ENDED = "the process of the release did not last as long as its load"


class Watch:
    """`samples` are moments of the monotonic clock, with the bytes; `trouble` says why some are missing."""

    def __init__(self, every_s: float) -> None:
        """Begin with nothing."""
        self.every_s = every_s
        self.samples: list[tuple[float, int]] = []
        self.trouble = ""
        self._over = threading.Event()

    def follow(self, pid: int | None) -> None:
        """Samples until `end`, or while the process lives; another with its number is not taken for it."""
        import psutil  # noqa: PLC0415 - only a measurement needs it

        try:
            process = psutil.Process(pid) if pid else None
            self.trouble = "" if process else NOT_FOUND
            last = process is None
            while process and not last:
                # The last is taken after the end, so that a process that died just before it is missed.
                last = self._over.wait(self.every_s if self.samples else 0)
                self.samples.append((time.monotonic(), _resident_bytes(process)))
        except psutil.Error:
            self.trouble = ENDED

    def end(self) -> None:
        """No sample is begun any more."""
        self._over.set()


@contextmanager
def watched(pid: int | None, every_s: float = EVERY_S) -> Iterator[Watch]:
    """A watch over `pid` that runs inside the `with` block and is whole after it."""
    watch = Watch(every_s)
    thread = threading.Thread(target=watch.follow, args=(pid,), daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        watch.end()
        thread.join()


def _resident_bytes(process: "psutil.Process") -> int:
    """Of the whole tree; a child that just ended holds nothing. Raises `psutil.Error` without the process."""
    import psutil  # noqa: PLC0415 - as above

    # One that is no more, but still waited for, holds nothing, and its number can be nobody else's.
    if not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
        raise psutil.NoSuchProcess(process.pid)
    total = int(process.memory_info().rss)
    for child in process.children(recursive=True):
        with suppress(psutil.NoSuchProcess):
            total += int(child.memory_info().rss)
    return total
