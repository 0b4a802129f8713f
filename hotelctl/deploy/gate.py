"""The gate between staging and traffic: ready several times in a row, the right commit, smoke workflows."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from hotelctl.config.service import Health as HealthSpec
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import StepFailed
from hotelctl.core.http import Http
from hotelctl.core.ports import Clock
from hotelctl.deploy.target import Health

# So far apart that one which comes and goes while it starts is seen; who runs already did that before.
_POLL_S = 0.1
_WARM_POLL_S = 0.01
_ASKED_S = 2.0
_WIDEST = 300


@dataclass(frozen=True, slots=True)
class Readiness:
    """How long it took until the service had been ready the declared number of times in a row."""

    seconds: float
    passes: int


def wait_ready(
    spec: HealthSpec,
    health: Callable[[], Health],
    http: Http,
    clock: Clock,
    timeout_s: float,
    *,
    warm: bool = False,
) -> Readiness:
    """Return once the instance was ready `spec.ready_passes` times in a row.

    One that is `warm`, and ran before it was asked for, is asked in quick succession while it answers so.

    Raises:
        StepFailed: it ended, or it was not ready within `timeout_s`; with its last words.

    """
    began, deadline, passes = clock.monotonic(), Deadline.after(timeout_s, clock.monotonic), 0
    answer = "nothing"
    while passes < spec.ready_passes:
        state = health()
        if not state.alive and (state.exit_code is not None or deadline.passed()):
            raise StepFailed(f"the new release ended with {state.ending}{_words(state)}")
        reply = http.request("GET", state.url + spec.ready, timeout_s=_ASKED_S)
        passes = passes + 1 if reply.status == HTTPStatus.OK else 0
        answer = f"{reply.status} {reply.body[:120]}" if reply.status else reply.error
        if passes < spec.ready_passes and deadline.passed():
            raise StepFailed(
                f"the new release was not ready within {timeout_s:.0f} s: "
                f"{spec.ready} last answered {answer}{_words(state)}"
            )
        if passes < spec.ready_passes:
            clock.sleep(_WARM_POLL_S if warm and passes else _POLL_S)
    return Readiness(clock.monotonic() - began, passes)


def unready(spec: HealthSpec, url: str, http: Http) -> str | None:
    """Why the instance at `url` is not ready now; None when it is. Takes two seconds at most."""
    reply = http.request("GET", url + spec.ready, timeout_s=_ASKED_S)
    if reply.status == HTTPStatus.OK:
        return None
    answer = f"{reply.status} {reply.body[:120]}".strip() if reply.status else reply.error
    return f"{spec.ready}: {answer}"


def require_commit(spec: HealthSpec, url: str, commit: str, http: Http) -> None:
    """Return when the instance at `url` says that it runs `commit`.

    Raises:
        StepFailed: it says something else, or nothing.

    """
    reply = http.request("GET", url + spec.version)
    body = reply.json()
    said = body.get(spec.commit_field) if isinstance(body, dict) else None
    if said is None:
        answer = f"{reply.status} {reply.body[:120]!r}" if reply.status else reply.error
        raise StepFailed(
            f"the new release does not say which commit it runs: {spec.version} answered {answer}",
            f"{spec.version} must answer JSON with the commit of the artifact in {spec.commit_field!r}",
        )
    if said != commit:
        raise StepFailed(
            f"the new release says that it runs commit {said!r}, built was {commit!r}",
            f"{spec.version} must report the commit of the artifact in {spec.commit_field!r}",
        )


def _words(state: Health) -> str:
    last = last_lines(state.log_tail, 1)
    return f"; its last line: {last[0]}" if last else ""


def last_lines(log: str, count: int) -> list[str]:
    """The last lines that say something; rules and blanks do not."""
    lines = [line.strip() for line in log.splitlines() if any(map(str.isalnum, line))]
    return [line[:_WIDEST] for line in lines[-count:]]
