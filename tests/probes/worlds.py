"""A context over fakes: every port in memory, the service's commands answered by hand."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotelctl.adapters.abreast import Threads
from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.config.environment import Environment
from hotelctl.config.load import Configuration, Source
from hotelctl.config.service import ServiceSpec
from hotelctl.core.errors import StepFailed
from hotelctl.core.judging import FactStore, Had, Probe
from hotelctl.core.ledger import Ledger
from hotelctl.core.ports import Completed
from hotelctl.core.redact import Redactor
from hotelctl.core.references import Change
from hotelctl.core.scratch import LaterDatabase
from hotelctl.core.work import Built, Migrated, Place
from hotelctl.facts.migration_set import LEDGERS
from hotelctl.probes.context import Context, Serving
from hotelctl.probes.registry import PROBES
from tests.fakes.certificates import FakeCertificates
from tests.fakes.clock import FakeClock
from tests.fakes.databases import FakeDatabases, FakeScratch
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles
from tests.fakes.http import FakeHttp
from tests.fakes.images import FakeImages
from tests.fakes.instances import FakeInstances
from tests.fakes.names import FakeNames
from tests.fakes.processes import FakeProcesses
from tests.fakes.repository import FakeRepository
from tests.fakes.tools import FakeTools
from tests.fakes.tracer import FakeTracer

PROJECT = Path("/project")
STATE = PROJECT / ".hotelctl" / "local"
URL = "postgresql://owner@db.invalid/live"
# Who migrates it: nobody special, who owns it.
MIGRATES = ("owner", "owner", False, False, 18, "owner", None, None, None, "")
SERVING = Serving("r1", "c" * 40, "http://127.0.0.1:8001", "http://127.0.0.1:8080")
_SPEC: dict[str, Any] = {
    "schema": "hotelctl.service/1",
    "service": {"name": "thing", "title": "Thing"},
    "build": {"command": ["build"], "artifact": "*.whl", "requirements": "lock.txt", "imports": ["thing"]},
    "tests": {"command": ["test"], "database_env": "TEST_DATABASE_URL"},
    "database": {"url_env": "DATABASE_URL", "runtime_role": "app"},
    "migrations": {"kind": "sql", "directory": "migrations"},
    "run": {"command": ["run"], "env": {"COLOUR": "red"}},
    "env": {"contract": "env.toml", "example": ".env.example", "files": [".env.local"]},
    "health": {"live": "/live", "ready": "/ready", "version": "/version", "database": "/db"},
    "environments": {"staging": {"profile": "staging", "env_files": [".env.staging"]}},
}


def completed(exit_code: int | None = 0, text: str = "", *, timed_out: bool = False) -> Completed:
    """How a command ended."""
    return Completed(("command",), exit_code, text, "", timed_out, 0.1, "ev-0001")


@dataclass
class FakeWork:
    """Commands that answer what a test sets; `junit` is written by the tests, `wheel` by the build."""

    files: FakeFiles
    evidence: FakeEvidence
    junit: str | None = '<testsuite><testcase name="a"/></testsuite>'
    wheel: bytes | None = None
    tests: Completed = field(default_factory=completed)
    built: Completed = field(default_factory=completed)
    installed: Completed = field(default_factory=completed)
    imported: Completed = field(default_factory=completed)
    migrated: Migrated = field(default_factory=lambda: Migrated(True, "2.sql", ("1.sql", "2.sql")))  # noqa: FBT003 - a fact
    model: Completed | None = None
    kind: str = "sql"
    noted_in: Ledger | None = None
    alone: Completed | None = field(default_factory=lambda: completed(1, "refused"))
    compared: list[Completed] = field(default_factory=list)
    compared_at: list[str] = field(default_factory=list)
    applied: tuple[str, ...] = ()
    seeded: Mapping[str, str] | StepFailed = field(default_factory=dict)
    upgrades: list[tuple[str, str | None]] = field(default_factory=list)
    taken_back: list[tuple[str, str | None]] = field(default_factory=list)
    outside: Completed = field(default_factory=completed)
    asked_outside: list[tuple[Place, tuple[str, ...], tuple[str, ...]]] = field(default_factory=list)

    def run_tests(self, source: Path, database_url: str | None, junit: Path) -> Completed:
        assert self.files.exists(source)
        self.upgrades.append((f"tests on {database_url}", None))
        self.files.remove(junit)
        if self.junit is not None:
            self.files.write_durable(junit, self.junit.encode())
        return self.tests

    def build(self, source: Path, out: Path, committed_at: object) -> Built:
        assert self.files.exists(source)
        assert committed_at
        if self.wheel is None:
            return Built(self.built, None, "no module named hatchling")
        self.files.write_durable(out / "thing.whl", self.wheel)
        return Built(self.built, out / "thing.whl")

    def furnish(self, venv: Path, lock: bytes) -> None:
        """Nothing ahead of time."""
        assert venv.name == "venv"
        assert lock

    def install(self, venv: Path, artifact: Path, requirements: Path) -> Completed:
        assert (venv.name, artifact.suffix, requirements.name) == ("venv", ".whl", "lock.txt")
        return self.installed

    def import_packages(self, venv: Path) -> Completed:
        assert venv.name == "venv"
        return self.imported

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        assert self.files.exists(source)
        assert (venv.name, bool(env)) == ("venv", True)
        self.upgrades.append((database_url.rpartition("/")[2].rpartition("_")[0], revision))
        return self.migrated

    def tries_alone(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        assert (venv.name, bool(env), bool(database_url)) == ("venv", True, True)
        return self.alone

    def migrate_down(
        self, venv: Path, database_url: str, env: Mapping[str, str], revision: str | None
    ) -> Migrated:
        assert (venv.name, bool(env)) == ("venv", True)
        self.taken_back.append((database_url.rpartition("/")[2].rpartition("_")[0], revision))
        return self.migrated

    def check_model(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        assert (venv.name, bool(env), bool(database_url)) == ("venv", True, True)
        return self.model

    def compare_models(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str]
    ) -> Completed | None:
        assert (venv.name, bool(env), bool(database_url), bool(source.name)) == ("venv", True, True, True)
        self.compared_at.append(database_url)
        return self.compared.pop(0) if self.compared else None

    def smoke_variables(self, place: Place, command: Sequence[str]) -> Mapping[str, str]:
        assert place.database_url is None or place.database_url.startswith("postgresql://")
        self.evidence.record("seed", {"command": tuple(command)})
        if isinstance(self.seeded, StepFailed):
            raise self.seeded
        return self.seeded

    def ask_outside(
        self, place: Place, command: Sequence[str], services: Sequence[str], timeout_s: float
    ) -> Completed:
        assert timeout_s
        self.asked_outside.append((place, tuple(command), tuple(services)))
        self.evidence.record("process", {"command": tuple(command)})
        return self.outside

    def ledger(self) -> Ledger:
        return self.noted_in or LEDGERS[self.kind]

    def revisions(self, database_url: str) -> tuple[str, ...]:
        assert database_url
        return self.applied


class World:
    """The ports, and the facts that the probes make of them."""

    def __init__(self, **changes: Any) -> None:  # noqa: ANN401 - tables of the service file
        self.evidence = FakeEvidence()
        self.files = FakeFiles(evidence=self.evidence)
        self.databases = FakeDatabases("live", files=self.files, evidence=self.evidence)
        self.databases.answer("server_version_num')::int / 10000", ("major",), [(18,)])
        self.databases.answer("SELECT session_user", ("who", "..."), [MIGRATES])
        self.repository = FakeRepository(PROJECT, {"thing.py": "x", "lock.txt": "more==1\n"})
        self.repository.files = self.files
        self.repository.evidence = self.evidence
        self.http = FakeHttp(self.evidence)
        self.certificates = FakeCertificates(self.evidence)
        self.names = FakeNames(self.evidence)
        self.instances = FakeInstances()
        self.processes = FakeProcesses(self.evidence)
        self.clock = FakeClock()
        self.work = FakeWork(self.files, self.evidence)
        self.tools = FakeTools()
        self.images = FakeImages(self.evidence)
        self.tracer = FakeTracer()
        self.scratch = FakeScratch(self.databases)
        self.offered: Collection[str] = ("plpgsql", "vector")
        self.change: Change | None = None
        self.environ: dict[str, str] = {}
        self.release_env: dict[str, str] = {"COLOUR": "red"}
        self.database_url: str | None = URL
        self.later: LaterDatabase | None = None
        self.serving: Serving | None = None
        self.diverged = ""
        self.environment = Environment()
        self.environment_name = "local"
        self.workspace = Path("/throw-away")
        self.probes: Mapping[type, Probe] = PROBES
        self.with_external = False
        self.deploying = False
        self.journals: tuple[Path, ...] = ()
        self.written = True
        raw = {key: value for key, value in (_SPEC | changes).items() if value is not None}
        self.spec = ServiceSpec.model_validate(raw)
        self.work.kind = self.spec.migrations.kind if self.spec.migrations else "sql"

    def write(self, name: str, text: str | bytes, mode: int = 0o600) -> None:
        """A file of the project."""
        self.files.write_durable(PROJECT / name, text if isinstance(text, bytes) else text.encode(), mode)

    def context(self) -> Context:
        """What the probes are given."""
        self.scratch = FakeScratch(self.databases, self.offered)
        return Context(
            configuration=self._configuration(),
            state=STATE,
            environ=self.environ,
            release_env=self.release_env,
            database_url=self.database_url,
            later=self.later,
            serving=self.serving,
            diverged=self.diverged,
            with_external=self.with_external,
            deploying=self.deploying,
            journals=self.journals,
            clock=self.clock,
            processes=self.processes,
            files=self.files,
            repository=self.repository,
            databases=self.databases,
            scratch=self.scratch,
            http=self.http,
            tools=self.tools,
            images=self.images,
            tracer=self.tracer,
            vault=DirectoryVault(STATE / "backups", self.files),
            change=self.change,
            certificates=self.certificates,
            names=self.names,
            abreast=Threads(self.evidence),
            instances=self.instances,
            work=self.work,  # type: ignore[arg-type]  # the chores of a start are no probe's business
            workspace=self.workspace,
            mark=Redactor(b"key").mark,
        )

    def _configuration(self) -> Configuration:
        place, sources = Source("hotelctl.toml"), {"run.env.COLOUR": Source("hotelctl.toml", 7)}
        return Configuration(
            self.spec,
            self.environment_name,
            self.environment,
            PROJECT,
            place,
            sources,
            written=self.written,
        )

    def had(self, kind: type) -> Had:
        """The fact, or why there is none."""
        return FactStore(self.probes, self.context(), self.evidence).get(kind)

    def fact(self, kind: type) -> Any:  # noqa: ANN401 - any fact
        """The fact, which must be there and stand on evidence."""
        had = self.had(kind)
        assert had.trouble is None, had.trouble
        assert had.evidence
        return had.value

    def why_not(self, kind: type) -> str:
        """`Unavailable` or `NotApplicable` and the reason; the fact must not be there."""
        trouble = self.had(kind).trouble
        assert trouble is not None
        return f"{type(trouble).__name__}: {trouble.reason}"
