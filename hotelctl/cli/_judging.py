"""Running checks: several at once, each told to the observer, none begun after the time limit."""

import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from hotelctl.cli._waiving import Waiving, in_turn
from hotelctl.core.by_name import full_name
from hotelctl.core.check import Check, Stage
from hotelctl.core.deadline import Deadline
from hotelctl.core.finding import Severity
from hotelctl.core.judging import FactStore, judge
from hotelctl.core.keeping import Keeping
from hotelctl.core.narrowing import Narrowing
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.progress import Observer
from hotelctl.core.report import CheckResult, Status
from hotelctl.core.turns import Turns

_TICK_S = 0.2
# What starts the candidate, runs tests, watches migrations, asks outside programs or builds takes longest.
# The rest needs the processor alone and fits beside it; begun last, a long one would be waited for with
# nothing else to do. A sandbox is waited for more than it works, as for an exchange of keys.
_LONGEST_FIRST = (Stage.SANDBOX, Stage.TEST, Stage.AUDIT, Stage.BUILD, Stage.RUNNING, Stage.WATCHED)
# Another machine is asked each time: to wait for it takes no processor. The whole history is searched by
# another program, longer than all other searches for secrets take, and needs nothing but what git says. A
# container engine needs seconds to give an image out of its hands.
_AWAITED = frozenset(
    {
        "hotelctl.facts.advisories.Advisories",
        "hotelctl.facts.past_leaks.CommitLeaks",
        "hotelctl.facts.read_layers.ReadLayers",
    }
)
_LATE = "the time limit was used up before it could begin"


@dataclass(slots=True)
class Bench:
    """Judges checks by threads that die with the process, so that Ctrl-C need not wait for them."""

    facts: FactStore
    evidence: EvidenceLog
    fail_on: Severity
    observer: Observer
    waiving: Waiving
    deadline: Deadline | None = None
    narrowing: Narrowing | None = None
    keeping: Keeping | None = None
    _results: dict[str, CheckResult] = field(default_factory=dict)
    _bugs: list[BaseException] = field(default_factory=list)
    _total: int = 0
    _begun: int = 0
    _numbering: threading.Lock = field(default_factory=threading.Lock)

    def judge(self, checks: Sequence[Check], jobs: int) -> tuple[CheckResult, ...]:
        """The results in the order of `checks`; what a check raises unexpectedly is raised here."""
        self._total = len(checks)
        first, late = in_turn(checks)
        # Where time is short, many quick verdicts are worth more than a slow one.
        self._judge(longest_first(first) if self.deadline is None else first, jobs)
        self.waiving.tell()
        self._judge(late, jobs)
        return tuple(self._results[check.info.id] for check in checks)

    def kept(self) -> Keeping | None:
        """What is kept between commands; of a part of the findings nothing is."""
        return self.keeping if self.narrowing is None else None

    def _judge(self, checks: Sequence[Check], jobs: int) -> None:
        turns = Turns(checks, self.facts)
        number = min(jobs, len(checks))
        threads = [threading.Thread(target=self._work, args=(turns,), daemon=True) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            while thread.is_alive():
                thread.join(_TICK_S)
        if self._bugs:
            raise self._bugs[0]

    def _work(self, turns: Turns) -> None:
        try:
            while not self._bugs and (check := turns.take()):
                self._one(check)
                turns.done(check)
        except BaseException as bug:  # noqa: BLE001 - it is raised again where the results are waited for
            self._bugs.append(bug)

    def _one(self, check: Check) -> None:
        if self.deadline is not None and self.deadline.passed():
            self._results[check.info.id] = CheckResult(check.info, Status.UNKNOWN, 0.0, reason=_LATE)
            return
        with self._numbering:
            self._begun += 1
            number = self._begun
        self.observer.began(number, self._total, check.info.id, check.info.title)
        result = self.waiving.apply(self._judged(check))
        self._results[check.info.id] = result
        self.observer.ended(result.status.value, check.info.title, result.duration_s)

    def _judged(self, check: Check) -> CheckResult:
        def now() -> CheckResult:
            return judge(check, self.facts, self.evidence, self.fail_on, self.narrowing)

        kept = self.kept()
        return now() if kept is None else kept.result(check, now)


def begin_awaited(checks: Sequence[Check], facts: FactStore) -> None:
    """Ask already now, beside all others, what is only waited for; who needs it waits for what is left.

    What goes wrong shows there: it is asked once more.
    """

    def ask(kind: type) -> None:
        with suppress(Exception):
            facts.get(kind)

    behind = facts.behind(kind for check in checks for kind in check.facts)
    for kind in {kind for kind in behind if full_name(kind) in _AWAITED}:
        threading.Thread(target=ask, args=(kind,), daemon=True).start()


def longest_first(checks: Sequence[Check]) -> tuple[Check, ...]:
    """The same, those first that keep others waiting; in their order otherwise."""
    places = {stage: place for place, stage in enumerate(_LONGEST_FIRST)}
    return tuple(sorted(checks, key=lambda check: places.get(check.info.stage, len(places))))


def left_out(checks: Sequence[Check], reason: str) -> tuple[CheckResult, ...]:
    """Results of checks that were not run on request."""
    return tuple(CheckResult(check.info, Status.SKIPPED, 0.0, reason=reason) for check in checks)
