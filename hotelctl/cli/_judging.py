"""Running checks: several at once, each told to the observer, none begun after the time limit."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from hotelctl.core.check import Check
from hotelctl.core.deadline import Deadline
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore, judge
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.progress import Observer
from hotelctl.core.report import CheckResult, Status

_TICK_S = 0.2
_LATE = "the time limit was used up before it could begin"


@dataclass(slots=True)
class Bench:
    """Judges checks by threads that die with the process, so that Ctrl-C need not wait for them."""

    facts: FactStore
    evidence: EvidenceLog
    fail_on: Severity
    observer: Observer
    deadline: Deadline | None = None
    _waiting: queue.SimpleQueue[tuple[int, Check]] = field(default_factory=queue.SimpleQueue)
    _results: dict[int, CheckResult] = field(default_factory=dict)
    _bugs: list[BaseException] = field(default_factory=list)
    _total: int = 0

    def judge(self, checks: Sequence[Check], jobs: int) -> tuple[CheckResult, ...]:
        """The results in the order of `checks`; what a check raises unexpectedly is raised here."""
        self._total = len(checks)
        for numbered in enumerate(checks, start=1):
            self._waiting.put(numbered)
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(min(jobs, len(checks)))]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_TICK_S)
        if self._bugs:
            raise self._bugs[0]
        return tuple(self._results[n] for n in range(1, self._total + 1))

    def _work(self) -> None:
        try:
            while not self._bugs:
                self._one(*self._waiting.get_nowait())
        except queue.Empty:
            return
        except BaseException as bug:  # noqa: BLE001 - it is raised again where the results are waited for
            self._bugs.append(bug)

    def _one(self, n: int, check: Check) -> None:
        if self.deadline is not None and self.deadline.passed():
            self._results[n] = CheckResult(check.info, Status.UNKNOWN, 0.0, reason=_LATE)
            return
        self.observer.began(n, self._total, check.info.id, check.info.title)
        result = judge(check, self.facts, self.evidence, self.fail_on)
        self._results[n] = result
        self.observer.ended(result.status.value, check.info.title, result.duration_s)


def left_out(checks: Sequence[Check], reason: str) -> tuple[CheckResult, ...]:
    """Results of checks that were not run on request."""
    return tuple(CheckResult(check.info, Status.SKIPPED, 0.0, reason=reason) for check in checks)
