"""Watching the new release while other questions are put to it: who comes first turns it around."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from types import TracebackType
from typing import Self

from hotelctl.core.errors import HotelctlError, StepFailed, Unavailable
from hotelctl.core.ports import EvidenceLog
from hotelctl.deploy.watch import Watched

Look = Callable[[Callable[[], bool]], Watched]
"""Watches until its window is over or what it is given says that nobody waits for the verdict any more."""


class Vigil:
    """`look` runs in a thread of its own inside the `with` block, which ends when it has ended.

    A bad verdict calls `turn_back` at once, whatever the block is doing: people outside wait for no
    check. It is raised when the block ends, also in the place of a `StepFailed` of the block, which
    then tells a consequence only. `watched` holds a good verdict after the block.
    """

    watched: Watched

    def __init__(self, look: Look, turn_back: Callable[[], None], evidence: EvidenceLog) -> None:
        """Nothing runs yet."""
        self._look, self._turn_back, self._evidence = look, turn_back, evidence
        self._left = threading.Event()
        self._recorded: list[str] = []
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vigil")

    def __enter__(self) -> Self:
        self._verdict: Future[Watched] = self._pool.submit(self._looked)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._left.set()
        self._pool.shutdown()
        self._evidence.adopt(self._recorded)
        if error is None or isinstance(error, StepFailed):
            self.watched = self._verdict.result()

    def _looked(self) -> Watched:
        with self._evidence.scope() as self._recorded:
            try:
                return self._look(self._left.is_set)
            except StepFailed:
                # Whoever takes the step back does it again, and says why it cannot be done.
                with suppress(HotelctlError, Unavailable, OSError):
                    self._turn_back()
                raise
