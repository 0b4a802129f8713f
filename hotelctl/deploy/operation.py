"""Everything that the steps of one operation work with; made in `cli/_wiring.py` only."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotelctl.config.load import Configuration
from hotelctl.config.pinned import Pinned, in_doubt, pinned
from hotelctl.config.release_env import with_role
from hotelctl.core.check import Stage
from hotelctl.core.holder import Lock
from hotelctl.core.http import Http
from hotelctl.core.image_builds import ImageBuilds
from hotelctl.core.ports import Clock, Databases, EvidenceLog, Files, Instances, Repository, WorkTree
from hotelctl.core.progress import Observer
from hotelctl.core.report import CheckResult
from hotelctl.core.scratch import ScratchDatabases
from hotelctl.core.sealing import Sealing
from hotelctl.core.vault import Vault
from hotelctl.core.work import Place, Work
from hotelctl.deploy.elsewhere import Elsewhere
from hotelctl.deploy.journal import Journal
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.release import Release
from hotelctl.deploy.target import Target
from hotelctl.facts.tracer import Tracer

Judge = Callable[[Stage, Sequence[tuple[Any, Sequence[str]]]], tuple[CheckResult, ...]]
"""Runs the checks of a stage, given facts that were measured already with their evidence ids."""

ReleaseEnv = Callable[[str], Mapping[str, str]]
"""The whole environment of the release with that id."""


@dataclass(frozen=True, slots=True)
class World:
    """The ports. `elsewhere` asks what other machines need; raises `Unavailable`, `UsageError`."""

    clock: Clock
    files: Files
    repository: Repository
    databases: Databases
    scratch: ScratchDatabases
    http: Http
    evidence: EvidenceLog
    work: Work
    instances: Instances
    tracer: Tracer
    lock: Lock
    vault: Vault
    builds: ImageBuilds
    sealing: Sealing | None = None
    elsewhere: Callable[[], Elsewhere] = Elsewhere


@dataclass(frozen=True, slots=True)
class Operation:
    """One deploy or rollback: what is asked for, where, with which ports, written into which journal.

    `database_url` is the owner's, None for a service without a database. `tree` is the checkout
    whose commit is deployed. `role_password` is the run-time role's, made by hotelctl.
    `fingerprint` is a short keyed hash of a value, so that releases can be compared without it.
    """

    id: str
    configuration: Configuration
    layout: Layout
    tree: WorkTree
    database_url: str | None
    role_password: str
    world: World
    target: Target
    journal: Journal
    judge: Judge
    release_env: ReleaseEnv
    fingerprint: Callable[[str], str]
    observer: Observer

    def result(self, step: str) -> Mapping[str, Any]:
        """The data that a finished step left in the journal. Raises `KeyError` when it is not done."""
        return self.journal.progress().done[step]

    def former(self) -> Release | None:
        """The release that served when this operation began, as its header pins it."""
        raw = self.journal.progress().header.get("serving")
        return None if raw is None else Release.from_json(raw)

    @property
    def diverged(self) -> bool:
        """Whether nobody could tell what had the traffic when this operation began."""
        return bool(self.journal.progress().header.get("diverged"))

    def candidate(self) -> Release:
        """The release that this operation brings into service: built, or chosen among the good ones."""
        done = self.journal.progress().done
        step = done["build"] if "build" in done else done["choose"]
        return Release.from_json(step["release"])

    def pinned(self, release: Release) -> Pinned:
        """How that release is started, asked and stopped. Raises `StepFailed` when that cannot be read."""
        return pinned(self._kept(release), self.configuration.spec, release.id)

    def pinned_in_doubt(self, release: Release) -> Pinned:
        """The same of one that runs already; as today's service file says where that cannot be read."""
        return in_doubt(self._kept(release), self.configuration.spec, release.id)

    def _kept(self, release: Release) -> bytes | None:
        files, path = self.world.files, self.layout.pinned(release.id)
        return files.read(path) if files.exists(path) else None

    def place(self, release: Release) -> Place:
        """That release as its own commands find it, with the owner's way into the database."""
        return Place(self.layout.venv(release.id), self.release_env(release.id), self.database_url)

    @property
    def edge_url(self) -> str:
        """Where the edge answers on this machine."""
        return self.target.entrance(self.configuration.environment.port)

    def runtime_url(self, owner_url: str) -> str:
        """The database at `owner_url` as a release enters it: by the run-time role where there is one."""
        database = self.configuration.spec.database
        role = database.runtime_role if database else None
        if role is None:
            return owner_url
        self.world.databases.allow_login(owner_url, role, self.role_password)
        return with_role(owner_url, role, self.role_password)
