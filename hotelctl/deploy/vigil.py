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

Look = Callable[[Callable[[bool], bool]], Watched]
"""Watches until what it is given, told whether the window is over, says that it may end."""


class Vigil:
    """`look` runs in a thread of its own beside the `with` block: to the end of both, or until that fails.

    A bad verdict calls `turn_back` with it at once, whatever the block is doing: people outside wait for no
    check. It is raised when the block ends, also in the place of an error of the block, which then
    tells a consequence only. `watched` holds a good verdict after the block.
    """

    watched: Watched

    def __init__(self, look: Look, turn_back: Callable[[StepFailed], None], evidence: EvidenceLog) -> None:
        """Nothing runs yet."""
        self._look, self._turn_back, self._evidence = look, turn_back, evidence
        self._over, self._failed = threading.Event(), threading.Event()
        self._recorded: list[str] = []
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="vigil")

    def __enter__(self) -> Self:
        self._verdict: Future[Watched] = self._pool.submit(self._looked)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None:
            self._failed.set()
        self._over.set()
        self._pool.shutdown()
        self._evidence.adopt(self._recorded)
        if error is None:
            self.watched = self._verdict.result()
        elif isinstance(error, HotelctlError | Unavailable):
            verdict = self._verdict.exception()
            if isinstance(verdict, StepFailed):
                raise verdict

    def _may_end(self, window_over: bool) -> bool:  # noqa: FBT001 - the look's own signature
        return self._failed.is_set() or (window_over and self._over.is_set())

    def _looked(self) -> Watched:
        with self._evidence.scope() as self._recorded:
            try:
                return self._look(self._may_end)
            except StepFailed as verdict:
                # Whoever takes the step back does it again, and says why it cannot be done.
                with suppress(Exception):
                    self._turn_back(verdict)
                raise
