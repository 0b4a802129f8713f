"""Several slow questions at once, by threads that die with the process."""

import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hotelctl.core.ports import EvidenceLog

Result = TypeVar("Result")
Other = TypeVar("Other")
_TICK_S = 0.2


class Threads:
    """One thread a job: they wait for others and leave the processor alone. Ctrl-C need not wait for them."""

    def __init__(self, evidence: EvidenceLog) -> None:
        """Keep the log that the jobs record in."""
        self._evidence = evidence

    def each(self, jobs: Sequence[Callable[[], Result]]) -> tuple[Result, ...]:
        """What each job returns, in their order; what one of them raises is raised when all have ended."""
        done: dict[int, tuple[Result, Sequence[str]]] = {}
        raised: dict[int, BaseException] = {}

        def work(number: int) -> None:
            try:
                with self._evidence.scope() as ids:
                    result = jobs[number]()
                done[number] = (result, tuple(ids))
            except BaseException as error:  # noqa: BLE001 - it is raised again where the results are waited for
                raised[number] = error

        threads = [threading.Thread(target=work, args=(n,), daemon=True) for n in range(len(jobs))]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_TICK_S)
        if raised:
            raise raised[min(raised)]
        for number in range(len(jobs)):
            self._evidence.adopt(done[number][1])
        return tuple(done[number][0] for number in range(len(jobs)))

    def both(self, one: Callable[[], Result], other: Callable[[], Other]) -> tuple[Result, Other]:
        """The same of two jobs that return different things."""
        jobs: Sequence[Callable[[], Any]] = (one, other)
        first, second = self.each(jobs)
        return first, second
