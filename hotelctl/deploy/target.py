"""The five verbs of a place where releases run. Each is repeatable with the same arguments."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from hotelctl.deploy.release import Release
from hotelctl.facts.edge_log import Answer


@dataclass(frozen=True, slots=True)
class Health:
    """What a staged instance is like: `url` answers only on this machine; `log_tail` is redacted."""

    alive: bool
    url: str
    restarts: int
    exit_code: int | None
    log_tail: str

    @property
    def ending(self) -> str:
        """What is known of how it ended: of one that somebody removed, nothing."""
        return f"exit code {'unknown' if self.exit_code is None else self.exit_code}"


@dataclass(frozen=True, slots=True)
class Drained:
    """How an instance ended: `clean` needs the declared exit code and last log line."""

    clean: bool
    waited_s: float
    detail: str


@dataclass(frozen=True, slots=True)
class Moved:
    """How all traffic moved: the seconds of the atomic act alone, and those from it to the first answer.

    The answer is the release's own, seen through the edge; None where none was to answer.
    """

    act_s: float
    answered_s: float | None = None


class Target(Protocol):
    """Where releases run. Names of outside things are made from the release's id.

    All verbs raise `StepFailed` with one line for an expected refusal, `Diverged` when somebody
    changed what they find. `env` is the whole environment of the instance and may hold secrets.
    """

    def serving(self) -> Release | None:
        """The release that traffic goes to, None before the first switch."""
        ...

    def obstacle(self, port: int) -> str | None:
        """Why the edge could not listen on `port`, naming the holder; None when it can. Changes nothing."""
        ...

    def prepare(self, port: int) -> None:
        """The edge runs and listens on `port`; names the holder when something else does."""
        ...

    def stage(self, release: Release, env: Mapping[str, str]) -> Health:
        """The release runs beside what serves, with no traffic. Found again by its id."""
        ...

    def health(self, release: Release) -> Health:
        """How the instance is now."""
        ...

    def route(self, release: Release | None, fence: int) -> Moved:
        """All traffic goes there in one atomic act; None undoes a first deploy. A lower fence is refused."""
        ...

    def inflight(self, release: Release) -> int:
        """Requests that the edge still has open at that instance."""
        ...

    def answers(self, release: Release, since: datetime) -> Callable[[], Sequence[Answer]]:
        """What clients were answered by that instance since then; each call tells what none told before.

        Where there were very many, the first call tells the newest of them.
        """
        ...

    def entrance(self, port: int) -> str:
        """Where this machine reaches the edge that listens on `port`, as a URL without a path."""
        ...

    def process(self, release: Release) -> int | None:
        """Its first process, as this machine numbers it; None when it does not run, or not here."""
        ...

    def memory_bytes(self, release: Release) -> int | None:
        """What the instance holds now, with all that it started; None where nobody can tell."""
        ...

    def retire(self, release: Release) -> Drained:
        """Drain, wait, stop. Refuses while it serves; fine when it is gone."""
        ...

    def dismantle(self) -> str | None:
        """What `prepare` started ends when nothing serves; one line says so, None when there was nothing."""
        ...

    def discard(self, release: Release) -> None:
        """Remove all that `stage` and the build left of a release that does not serve."""
        ...
