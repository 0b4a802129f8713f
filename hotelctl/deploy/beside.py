"""Work in a thread of its own, whose end others wait for or only look at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Generic, Self, TypeVar

from hotelctl.core.ports import EvidenceLog

Answer = TypeVar("Answer")


class Beside(Generic[Answer]):
    """`work` runs from now on, and is over after the `with` block; its evidence counts there, too."""

    def __init__(self, work: Callable[[], Answer], evidence: EvidenceLog) -> None:
        """Begin."""
        self._evidence = evidence
        self._recorded: list[str] = []
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="beside")
        self._answer = self._pool.submit(self._done, work)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown()
        self._evidence.adopt(self._recorded)

    @property
    def over(self) -> bool:
        """Whether there is an answer, or never will be."""
        return self._answer.done()

    @property
    def failed(self) -> bool:
        """Whether it is over, and `answer` would raise."""
        return self.over and self._answer.exception() is not None

    def answer(self) -> Answer:
        """What the work gave, waited for. Raises what it raised."""
        return self._answer.result()

    def _done(self, work: Callable[[], Answer]) -> Answer:
        with self._evidence.scope() as self._recorded:
            return work()
