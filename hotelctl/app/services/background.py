"""Work that goes on when the client who asked for it has left; an orderly end waits for it."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hotelctl.app.domain.failures import Failure
from hotelctl.app.logs import Event, log

T = TypeVar("T")


class Background:
    """Tasks that nobody may lose: each is held until it is done, and its failure is logged."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[Any]] = set()

    def __len__(self) -> int:
        return len(self._tasks)

    def start(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """The work as a task that no cancelled request takes along."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None and not isinstance(error, Failure):
            log().error(Event.REQUEST_FAILED, msg="work in the background failed", exc_info=error)

    async def settle(self, timeout_s: float) -> None:
        """All work is done, or was cancelled after the time."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=timeout_s)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)
