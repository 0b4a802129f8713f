"""What every probe is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from hotelctl.config.load import Configuration
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ports import (
    Clock,
    Databases,
    Files,
    Http,
    Processes,
    Repository,
    ScratchDatabases,
)
from hotelctl.core.work import Work

NOTHING_SERVES = "nothing is deployed here yet"


@dataclass(frozen=True, slots=True)
class Serving:
    """What the target says of the release that serves: where to ask it, and what it should be."""

    release_id: str
    commit: str
    url: str
    public_url: str


@dataclass(frozen=True, slots=True)
class Context:
    """The configuration, the ports, and what is known of this environment.

    `environ` is hotelctl's own process environment. `release_env` is the whole environment that
    the release would be started with, secrets included. `database_url` is the owner's URL, None
    where there is no database yet. `serving` is None where nothing is deployed, or where nobody can
    tell what has the traffic: `diverged` says why then.
    `journals` are the deploy journals of this environment, newest last. `workspace` is a directory
    of this command alone that is removed when it ends.
    """

    configuration: Configuration
    state: Path
    environ: Mapping[str, str]
    release_env: Mapping[str, str]
    database_url: str | None
    serving: Serving | None
    journals: tuple[Path, ...]
    clock: Clock
    processes: Processes
    files: Files
    repository: Repository
    databases: Databases
    scratch: ScratchDatabases
    http: Http
    work: Work
    workspace: Path
    diverged: str = ""

    def release(self) -> Serving:
        """The release that serves.

        Raises:
            NotApplicable: nothing is deployed.
            Unavailable: nobody can tell what has the traffic.

        """
        if self.diverged:
            raise Unavailable(self.diverged)
        if self.serving is None:
            raise NotApplicable(NOTHING_SERVES)
        return self.serving
