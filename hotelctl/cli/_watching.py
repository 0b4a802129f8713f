"""`watch`: errors, latency and memory of what serves, live, against the release before."""

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from typing import Any

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._serving import serving
from hotelctl.cli._target import target_of
from hotelctl.cli._wiring import Asked, configure, health_of, layout_of, unrecorded_files, unrecorded_http
from hotelctl.config.load import Configuration
from hotelctl.config.pinned import in_doubt
from hotelctl.core.errors import Blocked, ExitCode, StepFailed, UsageError
from hotelctl.core.ports import Clock
from hotelctl.core.progress import Observer
from hotelctl.core.redact import Redactor
from hotelctl.core.units import duration_s, size
from hotelctl.deploy.comparison import told
from hotelctl.deploy.history import past_operations
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Target
from hotelctl.deploy.traffic import arrival
from hotelctl.deploy.watch import BASELINE_S, GOOD, Before, Looked, Watched, Window, watch
from hotelctl.facts.answer_tally import NOTHING, Tally, tally
from hotelctl.facts.edge_log import Answer
from hotelctl.render.facts import Rows
from hotelctl.render.progress import progress

_BACK = "hotelctl rollback goes back; hotelctl status tells what runs"
_EVERY_S = 10.0


@dataclass(frozen=True, slots=True)
class Seen:
    """What was seen; `bad` says why the release is, empty where nothing does."""

    rows: Rows
    verdict: str
    bad: str = ""

    def answered(self) -> int:
        """0 for a good one, 3 for one of which nothing is proven. Raises `Blocked` for a bad one."""
        if self.bad:
            raise Blocked(self.bad, _BACK)
        return int(ExitCode.READY if self.verdict == GOOD else ExitCode.UNVERIFIED)


@dataclass(slots=True)
class _Live:
    """Tells every ten seconds what people were answered since the last time."""

    observer: Observer
    reader: Callable[[], Sequence[Answer]]
    clock: Clock
    every_s: float = _EVERY_S
    _since: list[Answer] = field(default_factory=list)
    _at_s: float = 0.0

    def __call__(self) -> Sequence[Answer]:
        now, found = self.clock.monotonic(), self.reader()
        self._since += [one for one in found if not (one.synthetic or one.given_up)]
        self._at_s = self._at_s or now
        if now >= self._at_s + self.every_s:
            counted = tally(self._since)
            self.observer.said(told(counted, NOTHING) if counted.n else "nobody asked")
            self._at_s, self._since = now, []
        return found


def watched(asked: Asked, length: str, *, quiet: bool, no_color: bool) -> Seen:
    """What serves, looked at for as long as `length` says.

    Raises:
        UsageError: `length` is no time, nothing serves, or another release came meanwhile.
        Diverged: nobody can tell what serves.

    """
    configuration, seconds = configure(asked), _seconds(length)
    release, clock = serving(configuration), SystemClock()
    target = target_of(configuration)
    with progress(Redactor(), quiet=quiet, no_color=no_color) as observer:
        observer.began(1, 1, "watch", f"{release.tag} for {seconds:g} s")
        live = _Live(observer, target.answers(release, clock.now()), clock)
        looked = Looked(lambda: target.health(release), live, lambda: target.memory_bytes(release))
        try:
            found = watch(
                looked,
                _window(configuration, release, seconds, target.entrance(configuration.environment.port)),
                unrecorded_http(),
                clock,
                lambda over: _goes_on(target, release) and over,
                before=_before(configuration, target, release),
            )
        except StepFailed as error:
            observer.ended("failed", error.message, seconds)
            return Seen(_rows(release, Watched("bad", 0, 0, 0.0), error.message), "bad", error.message)
        observer.ended("done", found.words, found.seconds)
    return Seen(_rows(release, found, ""), found.verdict)


def _seconds(length: str) -> float:
    try:
        return duration_s(length)
    except ValueError as error:
        raise UsageError(f"--for: {error}", "hotelctl watch --for 30m") from error


def _goes_on(target: Target, release: Release) -> bool:
    """True. Raises `UsageError` when something else serves by now."""
    now = target.serving()
    if now is None or now.id != release.id:
        raise UsageError("another release came to serve meanwhile", "hotelctl watch looks at that one")
    return True


def _window(configuration: Configuration, release: Release, seconds: float, edge_url: str) -> Window:
    environment, files = configuration.environment, unrecorded_files(configuration)
    kept = layout_of(configuration).pinned(release.id)
    own = in_doubt(files.read(kept) if files.exists(kept) else None, configuration.spec, release.id)
    ready = health_of(configuration, release.id).ready
    return Window(
        edge_url + ready,
        seconds,
        environment.watch.max_error_share,
        own.run.memory_limit_bytes,
    )


def _before(configuration: Configuration, target: Target, release: Release) -> Before:
    """The release that this one came after, in its last window; of answers that are gone, their number."""
    for past in reversed(past_operations(layout_of(configuration), unrecorded_files(configuration))):
        came, former = arrival(past, release.id), past.progress.header.get("serving")
        if came is None:
            continue
        counted = Tally(**(past.progress.done.get("switch") or {}).get("baseline", asdict(NOTHING)))
        if former is None or former["id"] == release.id:
            break
        return _of_former(target, Release.from_json(former), datetime.fromisoformat(came), counted)
    return Before()


def _of_former(target: Target, former: Release, until: datetime, counted: Tally) -> Before:
    answers = target.answers(former, until - timedelta(seconds=BASELINE_S))()
    last = tuple(one for one in answers if one.at_s <= until.timestamp())
    return Before(last, target.memory_bytes(former), counted)


def _rows(release: Release, found: Watched, bad: str) -> Rows:
    raw: dict[str, Any] = {
        "release": release.tag,
        "verdict": found.verdict,
        "why": bad,
        "seconds": round(found.seconds, 1),
        "requests": asdict(found.now),
        "before": asdict(found.before),
        "synthetic_probes": found.probes,
        "probes_failed": found.failed,
        "memory_bytes": found.memory_bytes,
    }
    shown = {
        "release": release.tag,
        "verdict": found.verdict,
        "why": bad,
        "seen": "" if bad else found.words.partition(": ")[2],
        "memory": "" if found.memory_bytes is None else size(found.memory_bytes),
    }
    return Rows([{"what": key, "value": value} for key, value in shown.items() if value], raw)
