"""The service's own commands as a port: test, build, install, migrate, smoke; probes and deploy share it."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from hotelctl.core.ledger import Ledger
from hotelctl.core.ports import Completed


@dataclass(frozen=True, slots=True)
class Place:
    """A release as its commands find it: its environment on disk, its variables, the owner's database."""

    venv: Path
    env: Mapping[str, str]
    database_url: str | None


@dataclass(frozen=True, slots=True)
class Built:
    """How a build ended; without exactly one `artifact`, `why` says what went wrong."""

    completed: Completed
    artifact: Path | None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Migrated:
    """How an upgrade ended: the revisions after it, what was newly applied, and the refusal in one line."""

    ok: bool
    revision: str | None
    applied: tuple[str, ...]
    why: str = ""


class Work(Protocol):
    """What a service file says of a service, done. Every call can be repeated with the same arguments.

    `source` is a clean export of one commit, `venv` an environment that `install` made, `env` the
    whole environment of the release (it may hold secrets), `database_url` an owner's URL.
    """

    def run_tests(self, source: Path, database_url: str | None, junit: Path) -> Completed:
        """The quick test tier has run in `source` and written `junit`. Raises `UsageError` without one."""
        ...

    def build(self, source: Path, out: Path, committed_at: datetime) -> Built:
        """The artifact of `source` stands alone in `out`; its time stamps are those of the commit."""
        ...

    def furnish(self, venv: Path, lock: bytes) -> None:
        """What of `install` can be done before the artifact is there is done, if it is quick. May raise."""
        ...

    def install(self, venv: Path, artifact: Path, requirements: Path) -> Completed:
        """The hashed requirements and the artifact are in `venv`; a half-made one is made again."""
        ...

    def import_packages(self, venv: Path) -> Completed:
        """The packages that the service file names were imported in `venv`."""
        ...

    def prepare(
        self, commands: Sequence[Sequence[str]], venv: Path, env: Mapping[str, str]
    ) -> tuple[Completed, ...]:
        """The chores before a start, `run.prepare` of the release, have run, up to the first that failed."""
        ...

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        """The database is at `revision`, by default at the newest one."""
        ...

    def tries_alone(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        """The upgrade's own command has ended, kept off every network; None where the kernel cannot do that.

        `database_url` leads to a socket of this machine.
        """
        ...

    def migrate_down(
        self, venv: Path, database_url: str, env: Mapping[str, str], revision: str | None
    ) -> Migrated:
        """What stands above `revision` is taken back; None is before the first."""
        ...

    def check_model(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        """The service compared its model with that database; None when it has no command for it."""
        ...

    def ledger(self) -> Ledger:
        """Where a database says which revisions it has.

        Raises:
            Unavailable: the migrations' own program decides that when it runs.

        """
        ...

    def compare_models(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str]
    ) -> Completed | None:
        """What the models of `source` and that database do not agree on, as `facts.old_model` reads it.

        By Alembic in the release's own environment; None where it does not migrate by that.
        """
        ...

    def revisions(self, database_url: str) -> tuple[str, ...]:
        """What the database says of itself: Alembic's current heads, or all applied SQL files in order.

        Raises:
            Unavailable: the server cannot be asked.

        """
        ...

    def current_revision(self, database_url: str) -> str | None:
        """Where it is by its `revisions`, in one word; None for a database that was never migrated."""
        ...

    def smoke_variables(self, place: Place, command: Sequence[str]) -> Mapping[str, str]:
        """The variables of the smoke workflows, as the release's own `command` prints them.

        Raises:
            StepFailed: in one line.

        """
        ...

    def smoke_program(
        self,
        place: Place,
        command: Sequence[str],
        url: str,
        timeout_s: float,
        *,
        stdin: str | None = None,
        confidential: bool = False,
    ) -> Completed:
        """A program of the release has asked the instance at `url`."""
        ...

    def smoke_ahead(self, place: Place, command: Sequence[str], url: str) -> AbstractContextManager[None]:
        """Inside, the program that `smoke_program` is asked for with the same words is loaded already.

        It waits for its stdin. Whether it could be started is told by `smoke_program`.
        """
        ...

    def smoke_cleanup(self, place: Place, command: Sequence[str], variables: Mapping[str, str]) -> Completed:
        """What was made for the variables of `smoke_variables` is gone, by the release's own `command`.

        The command reads them on stdin, as they were printed, so that it can leave alone what others made.
        """
        ...

    def ask_outside(
        self, place: Place, command: Sequence[str], services: Sequence[str], timeout_s: float
    ) -> Completed:
        """The release's own `command` has asked these outside services, with the variables of the release."""
        ...
