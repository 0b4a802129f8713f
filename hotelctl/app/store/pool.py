"""A pool of connections that knows how many wait for one."""

from sqlalchemy.pool import AsyncAdaptedQueuePool, ConnectionPoolEntry


class WatchedPool(AsyncAdaptedQueuePool):
    """Counts who waits because every connection is in use."""

    waiting = 0

    def _do_get(self) -> ConnectionPoolEntry:
        used_up = self.checkedout() >= self.size() + self._max_overflow
        self.waiting += used_up
        try:
            return super()._do_get()
        finally:
            self.waiting -= used_up
