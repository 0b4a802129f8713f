"""A run that remembers what became of every request, and when it was due."""

import time
from collections.abc import Collection
from dataclasses import dataclass

from hotelctl.adapters.load.run import Load, Run
from hotelctl.adapters.load.wire import Answer


@dataclass(frozen=True, slots=True)
class End:
    """One request's end, in seconds since the run began; what failed has its kind and no latency."""

    due_s: float
    at_s: float
    latency_s: float | None
    kind: str = ""

    @property
    def answered(self) -> bool:
        """Whether there was a whole answer, of whatever status."""
        return not self.kind or self.kind.startswith("status_")


class RecordedRun(Run):
    """A run for which only some statuses are good."""

    def __init__(self, load: Load, good: Collection[int]) -> None:
        super().__init__(load)
        self._good = good
        self.ends: list[End] = []

    def _is_good(self, status: int) -> bool:
        return status in self._good

    def _answered(self, answer: Answer, due: float) -> None:
        super()._answered(answer, due)
        if self._is_good(answer.status):
            self._end(due, time.monotonic() - due)

    def _failed(self, kind: str, detail: str, due: float) -> None:
        super()._failed(kind, detail, due)
        self._end(due, None, kind)

    def _end(self, due: float, latency_s: float | None, kind: str = "") -> None:
        self.ends.append(End(due - self._began, time.monotonic() - self._began, latency_s, kind))
