"""The only place where ports meet adapters."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.abreast import Threads
from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.evidence import EvidenceFile, Unrecorded
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.http import HttpClient
from hotelctl.adapters.process import LocalProcesses
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.cli._elsewhere import edge_address
from hotelctl.cli._gate import hide_with
from hotelctl.cli._places import LOCAL, STATE, project
from hotelctl.config.given_values import read_given
from hotelctl.config.load import DEFAULT, Configuration, load
from hotelctl.config.own_health import own_health
from hotelctl.config.release_env import compose, declared_keys, with_role
from hotelctl.config.service import Health
from hotelctl.config.state_url import named_url
from hotelctl.core.kept import Kept, NothingKept
from hotelctl.core.ports import EvidenceLog, Processes
from hotelctl.core.redact import Redactor
from hotelctl.core.scratch import LaterDatabase
from hotelctl.core.vault import Vault
from hotelctl.deploy.history import unfinished
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.targets import far_record
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.places import Places
from hotelctl.render.words import below

# Most commands look at a few files: the adapters are read by those that are wired.
if TYPE_CHECKING:
    from hotelctl.adapters.age import AgeSealing
    from hotelctl.adapters.docker_images import DockerImages
    from hotelctl.adapters.git import GitRepository
    from hotelctl.adapters.instances import LocalInstances
    from hotelctl.adapters.names import SystemNames
    from hotelctl.adapters.postgres import PostgresDatabases
    from hotelctl.adapters.scratch import Scratch
    from hotelctl.adapters.tls import TlsCertificates
    from hotelctl.adapters.tools import ToolEnvironment
    from hotelctl.adapters.work import ServiceWork

REHEARSAL = "HOTELCTL_REHEARSAL"
"""The variable in which a rehearsal tells the commands of its copy on which port that one answers."""

_STORE_SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")
# What a service's own commands run must not look for packages elsewhere either.
_NO_INDEX = {"PIP_NO_INDEX": "1", "UV_OFFLINE": "1"}


@dataclass(frozen=True, slots=True)
class Asked:
    """Which service in which environment; `port` replaces the configured one, `values` win over the files.

    For another operation that holds the environment `wait_s` are waited.
    """

    service: Path | None
    environment: str
    port: int | None = None
    values: Path | None = None
    wait_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Ports:
    """The adapters of one command, all recording into one evidence log."""

    clock: SystemClock
    evidence: EvidenceLog
    files: LocalFiles
    processes: Processes
    repository: "GitRepository"
    databases: "PostgresDatabases"
    scratch: "Scratch"
    http: HttpClient
    certificates: "TlsCertificates"
    names: "SystemNames"
    abreast: Threads
    work: "ServiceWork"
    tools: "ToolEnvironment"
    images: "DockerImages"
    instances: "LocalInstances"
    sealing: "AgeSealing"
    vault: Vault


@dataclass(frozen=True, slots=True)
class Wiring:
    """One command's configuration, state, ports, and what none of its outputs may show.

    `database_url` is the owner's, None where there is no database (yet); `embedded` when it is the
    one that hotelctl runs itself. `later` makes it where it stands in for one that does not run.
    """

    configuration: Configuration
    layout: Layout
    environ: Mapping[str, str]
    redactor: Redactor
    ports: Ports
    database_url: str | None
    embedded: bool
    role_password: str
    later: LaterDatabase | None = None

    @property
    def public_url(self) -> str:
        """The address that people use."""
        return public_url(self.configuration)

    def shown(self, text: str) -> str:
        """`text` as a report holds it: without secrets, paths relative to the project."""
        return below(self.configuration.project, self.redactor(text))

    def release_env(self) -> dict[str, str]:
        """The environment of a release that is made now; it enters the database by the run-time role."""
        env = compose(self.configuration, templates(self.configuration, self.layout), self.environ)
        database = self.configuration.spec.database
        if database is not None and self.database_url is not None:
            role = database.runtime_role
            url = with_role(self.database_url, role, self.role_password) if role else self.database_url
            env[database.url_env] = url
        return env


def _is_local(configuration: Configuration) -> bool:
    """Only `local` gets a database by itself: elsewhere a missing URL is a finding, not a new database."""
    return configuration.environment_name == LOCAL


def public_url(configuration: Configuration) -> str:
    """The configured address, else the edge's own."""
    environment = configuration.environment
    return environment.public_url or edge_address(configuration, environment.port)


def templates(configuration: Configuration, layout: Layout) -> dict[str, str]:
    """What values of `[run.env]` may name."""
    return {
        "state": str(layout.state),
        "environment": configuration.environment_name,
        "public_url": public_url(configuration),
    }


def configure(asked: Asked) -> Configuration:
    """The configuration that was asked for. Raises `UsageError`."""
    return completed(load(project(), asked.service, asked.environment), asked)


def completed(found: Configuration, asked: Asked) -> Configuration:
    """The same with the values and the port that were asked for; a port once chosen with --port stays."""
    if asked.values is not None:
        found = replace(found, given=read_given(asked.values))
    if copied := os.environ.get(REHEARSAL):
        return replace(found, environment=found.environment.copied(int(copied)))
    port = asked.port or _port_in_use(found)
    if port is None:
        return found
    return replace(found, environment=found.environment.model_copy(update={"port": port}))


def _port_in_use(configuration: Configuration) -> int | None:
    """Where the edge listens, unless the service file says where it shall."""
    if configuration.source(f"environments.{configuration.environment_name}.port") is not DEFAULT:
        return None
    layout = layout_of(configuration)
    past = unfinished(layout, unrecorded_files(configuration))
    places = Places(layout.state)
    far = far_record.load(places)
    known = far.port if far else Edge(places).port
    return known or (past.progress.header.get("port") if past else None)


def layout_of(configuration: Configuration) -> Layout:
    """Where the environment keeps its state."""
    return Layout(configuration.project / STATE / configuration.environment_name)


def unrecorded_files(configuration: Configuration) -> LocalFiles:
    """Files for what is no evidence: locks, keys, reading the past."""
    return LocalFiles(Unrecorded(Redactor(), SystemClock()), configuration.project)


def kept_answers(wiring: Wiring, *, dirty: bool) -> Kept:
    """What programs answered and which checks passed before; without a report there is no evidence of it."""
    from hotelctl.adapters.kept import KeptOnDisk
    from hotelctl.adapters.kept_ground import ground, identity

    configuration, evidence = wiring.configuration, wiring.ports.evidence
    if not isinstance(evidence, EvidenceFile):
        return NothingKept()
    return KeptOnDisk(
        directory=configuration.project / STATE / "cache" / "kept",
        ground=cache(lambda: ground(dirty=dirty)),
        identity=lambda program: identity(program, wiring.environ),
        evidence=evidence,
        redactor=wiring.redactor,
        files=unrecorded_files(configuration),
        clock=wiring.ports.clock,
    )


def keep_key(configuration: Configuration) -> None:
    """The key of short hashes is on the disk, so that those of the next command are the same."""
    from hotelctl.cli._secrets import kept

    kept(configuration.project / STATE / "key", unrecorded_files(configuration), keep=True)


def health_of(configuration: Configuration, release_id: str) -> Health:
    """The paths that the release answers: its own, else today's."""
    kept_file = layout_of(configuration).pinned(release_id)
    return own_health(kept_file, unrecorded_files(configuration), configuration.spec, release_id)


def unrecorded_tools(project: Path) -> "ToolEnvironment":
    """The tools for a look that is no evidence."""
    from hotelctl.adapters.tools import ToolEnvironment

    evidence, environ = Unrecorded(Redactor(), SystemClock()), dict(os.environ)
    processes = LocalProcesses(evidence, SystemClock(), environ)
    return ToolEnvironment(processes, LocalFiles(evidence, project), environ)


def unrecorded_http() -> HttpClient:
    """HTTP for a look that is no evidence."""
    return HttpClient(Unrecorded(Redactor(), SystemClock()), SystemClock())


def unrecorded_repository(configuration: Configuration) -> "GitRepository":
    """The repository for a first look, before there is a place for evidence."""
    from hotelctl.adapters.git import GitRepository

    return GitRepository(configuration.project, Unrecorded(Redactor(), SystemClock()), dict(os.environ))


@contextmanager
def wired(
    configuration: Configuration,
    report: Path | None,
    context: Mapping[str, Any],
    *,
    start_database: bool,
    temporary: Path | None = None,
    reach: Reach = ANYWHERE,
) -> Iterator[Wiring]:
    """Everything wired; evidence goes below `report`, nowhere when that is None.

    Outside programs put their temporary files into `temporary`, which the next command sweeps after a kill.

    With `start_database`, `local` gets the embedded database where its variables name none.
    """
    from hotelctl.cli._runners import runners

    environ, layout = dict(os.environ), layout_of(configuration)
    if temporary is not None:
        environ["TMPDIR"] = str(temporary)
    if reach.offline:
        environ |= _NO_INDEX
    redactor, password = _hidden(configuration, layout, environ, keep=start_database)
    hide_with(redactor)
    with _evidence(report, redactor, context) as evidence:
        processes, databases = runners(configuration, evidence, environ, reach)
        url, embedded = _database(configuration, environ, databases, start=start_database)
        if url:
            redactor.add(url)
        ports = _ports(configuration, environ, redactor, evidence, (processes, databases, url), reach)
        try:
            yield Wiring(configuration, layout, environ, redactor, ports, url, embedded, password)
        finally:
            ports.scratch.close()


def _database(
    configuration: Configuration, environ: Mapping[str, str], databases: "PostgresDatabases", *, start: bool
) -> tuple[str | None, bool]:
    """Its owner's URL, None where there is none (yet), and whether hotelctl runs it itself."""
    from hotelctl.cli._database import embedded_url, given_url

    layout = layout_of(configuration)
    given = given_url(configuration, templates(configuration, layout), environ)
    if given is not None or configuration.spec.database is None or not _is_local(configuration):
        return given, False
    url = embedded_url(configuration, layout, databases, start=start)
    return url, url is not None


def _hidden(
    configuration: Configuration, layout: Layout, environ: Mapping[str, str], *, keep: bool
) -> tuple[Redactor, str]:
    """What hides every declared secret, and the run-time role's password; written only with `keep`."""
    from hotelctl.cli._secrets import keep_out_of_git, kept, secrets_of_env_files

    files = unrecorded_files(configuration)
    home = configuration.project / STATE
    if keep:
        keep_out_of_git(home, files)
    redactor = Redactor(kept(home / "key", files, keep=keep).encode())
    password = kept(layout.state / "secrets" / "role", files, keep=keep)
    env = compose(configuration, templates(configuration, layout), environ)
    secret = declared_keys(configuration)[1]
    database = configuration.spec.database
    named = secret | ({database.url_env} if database else set())
    state = named_url(configuration, env | dict(environ))
    elsewhere = (*secrets_of_env_files(configuration), *([state] if state else ()))
    store = (environ[key] for key in _STORE_SECRETS if environ.get(key))
    for value in (password, *(env[key] for key in named if env.get(key)), *elsewhere, *store):
        redactor.add(value)
    return redactor, password


@contextmanager
def _evidence(report: Path | None, redactor: Redactor, context: Mapping[str, Any]) -> Iterator[EvidenceLog]:
    clock = SystemClock()
    if report is None:
        yield Unrecorded(redactor, clock)
        return
    with EvidenceFile(report / "evidence.jsonl", redactor, clock, context) as evidence:
        yield evidence


def _ports(
    configuration: Configuration,
    environ: Mapping[str, str],
    redactor: Redactor,
    evidence: EvidenceLog,
    runs: "tuple[Processes, PostgresDatabases, str | None]",
    reach: Reach,
) -> Ports:
    from hotelctl.adapters.docker_images import DockerImages
    from hotelctl.adapters.git import GitRepository
    from hotelctl.adapters.instances import LocalInstances
    from hotelctl.adapters.names import SystemNames
    from hotelctl.adapters.tls import TlsCertificates
    from hotelctl.adapters.tools import ToolEnvironment
    from hotelctl.cli._scratch import scratch_of
    from hotelctl.cli._vault import sealing_of, vault_of

    processes, databases, url = runs
    low = configuration.environment.low_priority
    clock, layout = SystemClock(), layout_of(configuration)
    files = LocalFiles(evidence, configuration.project)
    return Ports(
        clock=clock,
        evidence=evidence,
        files=files,
        processes=processes,
        repository=GitRepository(configuration.project, evidence, environ),
        databases=databases,
        scratch=scratch_of(configuration, layout, (databases, url), environ, evidence),
        http=HttpClient(evidence, clock, reach),
        certificates=TlsCertificates(evidence, reach),
        names=SystemNames(evidence, reach),
        abreast=Threads(evidence),
        work=_work(configuration, (processes, databases, files), redactor, reach),
        tools=ToolEnvironment(processes, files, environ, reach),
        images=DockerImages(environ, evidence),
        instances=LocalInstances(evidence, clock, environ, low_priority=low),
        sealing=sealing_of(configuration, environ, evidence),
        vault=vault_of(configuration, files, evidence, reach),
    )


def _work(
    configuration: Configuration,
    ports: "tuple[Processes, PostgresDatabases, LocalFiles]",
    redactor: Redactor,
    reach: Reach,
) -> "ServiceWork":
    from hotelctl.adapters.environments import Environments
    from hotelctl.adapters.work import ServiceWork

    processes, databases, files = ports
    return ServiceWork(
        configuration.spec,
        processes,
        databases,
        files,
        Environments(processes, files, configuration.project / STATE / "cache", reach),
        values=templates(configuration, layout_of(configuration)),
        redactor=redactor,
        project=configuration.project,
    )
