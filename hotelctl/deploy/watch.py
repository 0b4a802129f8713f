"""The window after the switch tells whether the new release is good, bad, or not proven."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import StepFailed
from hotelctl.core.http import Http
from hotelctl.core.ports import Clock
from hotelctl.deploy.comparison import Comparison, told
from hotelctl.deploy.gate import last_lines
from hotelctl.deploy.leak import EVERY_S, Leak
from hotelctl.deploy.target import Health
from hotelctl.facts.answer_tally import NOTHING, Tally, chance_above
from hotelctl.facts.edge_log import Answer

GOOD, NOT_PROVEN, NOT_WATCHED = "good", "not proven", "not watched"
BASELINE_S = 60.0
"""What the former release answered in a shorter time is too little to compare with."""
_POLL_S = 0.05
_COLLECTED_S = 2.0
# In a row: whoever answers some of them is ready, and how many fail is told by their share.
_UNREADY = 3
_SURE = 1e-4
# Started again at once, it has said hello since.
_SHOWN = 3
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Window:
    """Where a release under watch is asked, for how long, which share of errors and how much memory is borne.

    Without `proof_needed`, what is not proven is no reason to take it back.
    """

    url: str
    seconds: float
    max_error_share: float
    memory_limit_bytes: int | None = None
    proof_needed: bool = False


@dataclass(frozen=True, slots=True)
class Before:
    """The former release in its own last window: what it answered, and what it holds.

    `counted` is how many answers those were, where they themselves are gone: latency is not compared then.
    `control_s` is how long it took to answer a probe.
    """

    answers: Sequence[Answer] = ()
    memory_bytes: int | None = None
    counted: Tally = NOTHING
    control_s: float | None = None


@dataclass(frozen=True, slots=True)
class Looked:
    """How the release is looked at; `answers` tells what it answered since that was asked last.

    `control` asks the former release, which serves nobody now, and tells how long it took; None: not known.
    """

    health: Callable[[], Health]
    answers: Callable[[], Sequence[Answer]] = tuple
    memory_bytes: Callable[[], int | None] = lambda: None
    control: Callable[[], float | None] = lambda: None


@dataclass(frozen=True, slots=True)
class Watched:
    """`verdict` is `good`, `not proven` or `not watched`; hotelctl itself sent the `probes`.

    `now` counts what others asked, `before` the same of the former release.
    """

    verdict: str
    probes: int
    failed: int
    seconds: float
    now: Tally = NOTHING
    before: Tally = NOTHING
    restarts: int = 0
    memory_bytes: int | None = None

    @property
    def words(self) -> str:
        """One phrase for people; probes are called what they are."""
        if not self.probes:
            return self.verdict
        asked = told(self.now, self.before) if self.now.n else "nobody else asked"
        return (
            f"{self.verdict} after {self.seconds:.0f} s: {asked}; "
            f"{self.probes} synthetic probes, {self.failed} failed"
        )


def watch(  # noqa: PLR0913 - one parameter a part of the world
    looked: Looked,
    window: Window,
    http: Http,
    clock: Clock,
    may_end: Callable[[bool], bool] = lambda window_over: window_over,
    *,
    before: Before = Before(),
    restarts: int | None = None,
) -> Watched:
    """The verdict after the window; fewer than 50 answers to others are `not proven`, whatever they were.

    `restarts` is how often it had been started again before traffic came, by default before the window.
    It ends when `may_end`, told whether the window is over, says so: earlier or later than the window.

    Raises:
        StepFailed: it crashed, lost its readiness, answers worse than `before`, or is about to have no memory
            left; or nothing was proven and that is needed.

    """
    if not window.seconds:
        return Watched(NOT_WATCHED, 0, 0, 0.0)
    began, deadline = clock.monotonic(), Deadline.after(window.seconds, clock.monotonic)
    earlier = looked.health().restarts if restarts is None else restarts
    sight = _Sight(looked, window, before, clock)
    while True:
        # Whatever ends it, a crash is the reason for all else.
        ends = may_end(deadline.passed())
        _require_no_crash(_ended(looked.health, clock), earlier)
        sight.look()
        if ends:
            break
        sight.probe(http)
        clock.sleep(_POLL_S)
    return sight.verdict(clock.monotonic() - began, over=deadline.passed())


class _Sight:
    """What was seen of one release under watch."""

    def __init__(self, looked: Looked, window: Window, before: Before, clock: Clock) -> None:
        self._looked, self._window, self._clock = looked, window, clock
        self._compared = Comparison(
            before.answers,
            window.max_error_share,
            window.seconds,
            clock.monotonic(),
            before.counted,
            before.control_s,
        )
        self._leak = Leak(window.memory_limit_bytes, before.memory_bytes)
        self._memory_bytes: int | None = None
        self._memory_at = clock.monotonic()
        self._probes = self._failed = self._in_a_row = 0

    def look(self) -> None:
        """At what others were answered, and at its memory. Raises `StepFailed`."""
        control_s, now = self._looked.control(), self._clock.monotonic()
        if control_s is not None:
            self._compared.control(control_s)
        why = self._compared.add(self._looked.answers(), now)
        if not why and now >= self._memory_at:
            self._memory_at = now + EVERY_S
            self._memory_bytes = self._looked.memory_bytes()
            why = self._leak.add(self._memory_bytes, now)
        if why:
            raise StepFailed(f"the new release is bad: {why}")

    def probe(self, http: Http) -> None:
        """Ask for its readiness, as clients reach it. Raises `StepFailed`."""
        reply = http.request("GET", self._window.url, timeout_s=2)
        bad = reply.status is None or reply.status >= _SERVER_ERROR
        self._probes, self._failed = self._probes + 1, self._failed + bad
        self._in_a_row = self._in_a_row + 1 if bad else 0
        if self._in_a_row >= _UNREADY or self._fails_too_often():
            answer = reply.status or reply.error
            raise StepFailed(
                f"{self._failed} of {self._probes} probes failed under watch; the last answer: {answer}"
            )

    def _fails_too_often(self) -> bool:
        return chance_above(self._failed, self._probes, self._window.max_error_share) < _SURE

    def verdict(self, seconds: float, *, over: bool) -> Watched:
        """All that was seen. Raises `StepFailed`; not for what is unproven before the window is `over`."""
        if why := self._compared.over():
            raise StepFailed(f"the new release is bad: {why}")
        found = Watched(
            GOOD if self._compared.enough() else NOT_PROVEN,
            self._probes,
            self._failed,
            seconds,
            self._compared.now(),
            self._compared.former,
            memory_bytes=self._memory_bytes,
        )
        if over and self._window.proof_needed and found.verdict == NOT_PROVEN:
            raise StepFailed(found.words, '[environments.NAME.watch] not_proven = "promote" lets it serve')
        return found


def _ended(health: Callable[[], Health], clock: Clock) -> Health:
    """How it is; of one that is gone, with its exit code as soon as whoever collects it knows that."""
    state, deadline = health(), Deadline.after(_COLLECTED_S, clock.monotonic)
    while not state.alive and state.exit_code is None and not deadline.passed():
        clock.sleep(_POLL_S)
        state = health()
    return state


def _require_no_crash(state: Health, restarts: int) -> None:
    if not state.alive or state.restarts > restarts:
        said = " | ".join(last_lines(state.log_tail, _SHOWN)) or "nothing"
        raise StepFailed(f"the new release crashed under watch ({state.ending}); its last lines: {said}")
