"""The window after the switch tells whether the new release is good, bad, or not proven."""

from collections.abc import Callable
from dataclasses import dataclass

from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import StepFailed
from hotelctl.core.ports import Clock, Http
from hotelctl.deploy.gate import last_lines
from hotelctl.deploy.target import Health

_POLL_S = 0.05
_COLLECTED_S = 2.0
_ENOUGH = 50
# Started again at once, it has said hello since.
_SHOWN = 3
_SERVER_ERROR = 500


@dataclass(frozen=True, slots=True)
class Window:
    """Where a release under watch is asked, for how long, and which share of failed probes is borne."""

    url: str
    seconds: float
    max_error_share: float


@dataclass(frozen=True, slots=True)
class Watched:
    """`verdict` is `good`, `not proven` or `not watched`; hotelctl itself sent the `probes`."""

    verdict: str
    probes: int
    failed: int
    seconds: float

    @property
    def words(self) -> str:
        """One phrase for people; probes are called what they are."""
        if not self.probes:
            return self.verdict
        return f"{self.verdict}: {self.probes} synthetic probes in {self.seconds:.0f} s, {self.failed} failed"


def watch(
    health: Callable[[], Health],
    window: Window,
    http: Http,
    clock: Clock,
    may_end: Callable[[bool], bool] = lambda window_over: window_over,
    *,
    restarts: int | None = None,
) -> Watched:
    """The verdict after the window; fewer than 50 answers are `not proven`, whatever they were.

    `restarts` is how often it had been started again before traffic came, by default before the window.
    It ends when `may_end`, told whether the window is over, says so: earlier or later than the window.

    Raises:
        StepFailed: it crashed, or more than the borne share of the probes failed.

    """
    if not window.seconds:
        return Watched("not watched", 0, 0, 0.0)
    began, deadline = clock.monotonic(), Deadline.after(window.seconds, clock.monotonic)
    before = health().restarts if restarts is None else restarts
    probes, failed = 0, 0
    while True:
        # Whatever ends it, a crash is the reason for all else.
        ends = may_end(deadline.passed())
        _require_no_crash(_ended(health, clock), before)
        if ends:
            break
        status = http.request("GET", window.url, timeout_s=2).status
        probes, failed = probes + 1, failed + (status is None or status >= _SERVER_ERROR)
        if failed > max(2, probes * window.max_error_share):
            raise StepFailed(f"{failed} of {probes} probes failed under watch")
        clock.sleep(_POLL_S)
    verdict = "good" if probes >= _ENOUGH else "not proven"
    return Watched(verdict, probes, failed, clock.monotonic() - began)


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
        raise StepFailed(
            f"the new release crashed under watch (exit code {state.exit_code}); its last lines: {said}"
        )
