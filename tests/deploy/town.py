"""A whole environment in memory: what the real steps change, over fake ports."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from hotelctl.core.errors import StepFailed
from hotelctl.core.ledger import Ledger
from hotelctl.core.ports import Completed
from hotelctl.core.work import Built, Migrated, Place
from hotelctl.facts.migration_set import LEDGERS
from tests.fakes.clock import FakeClock
from tests.fakes.databases import FakeDatabases, FakeScratch
from tests.fakes.evidence import FakeEvidence
from tests.fakes.files import FakeFiles
from tests.fakes.image_builds import FakeBuilds
from tests.fakes.repository import FakeRepository
from tests.fakes.target import Ground
from tests.fakes.tracer import FakeTracer
from tests.fakes.wheels import install, wheel

STATE = Path("/project/.hotelctl/local")
LIVE = "postgresql://owner@db.invalid/live"


SPEC = {
    "schema": "hotelctl.service/1",
    "service": {"name": "town", "title": "Town"},
    "build": {"command": ["make"], "artifact": "*.whl", "requirements": "lock.txt"},
    "tests": {"command": ["check"], "database_env": "TEST_DATABASE_URL"},
    "database": {"url_env": "DATABASE_URL"},
    "migrations": {"kind": "sql", "directory": "migrations"},
    "run": {"command": ["serve", "{port}"], "ready_timeout_s": 3},
    "health": {"live": "/live", "ready": "/ready", "version": "/version"},
    "smoke": {
        "workflow": [{"name": "page", "step": [{"request": "GET /page"}]}],
        "command": [
            {"name": "probes", "run": ["ask"], "waits": True},
            {"name": "more", "run": ["more"], "serving_only": True},
            {"name": "outside", "run": ["outside"], "external": True},
        ],
        "carry": {"issue": ["issue"], "check": ["check"], "waits": True},
        "cleanup": ["clean"],
    },
}
_PASSED = '{"results": [{"name": "P1", "status": "PASS", "why": "", "seconds": 0.1, "requests": 3}]}'

SOURCES = {"pyproject.toml": '[project]\nversion = "1.0"\n', "lock.txt": "# nothing\n"}
WHEEL = wheel({"town/__init__.py": ""})
JUNIT = b'<testsuite><testcase classname="t" name="a"/><testcase classname="t" name="b"/></testsuite>'


@dataclass
class Town:
    """What outlives a command: disk, databases, target, commits, and the faults that are planted."""

    files: FakeFiles = field(default_factory=FakeFiles)
    clock: FakeClock = field(default_factory=FakeClock)
    crashes: str = ""
    on_route: Callable[[], None] | None = None
    on_program: Callable[[str], None] | None = None
    ground: Ground = field(default_factory=Ground)
    tracer: FakeTracer = field(default_factory=FakeTracer)
    evidence: FakeEvidence = field(default_factory=FakeEvidence)
    builds: FakeBuilds = field(default_factory=FakeBuilds)
    head: str = "0001.sql"
    broken: set[str] = field(default_factory=set)
    fence: int = 0
    sources: dict[str, str] = field(default_factory=SOURCES.copy)
    programs: dict[str, str] = field(
        default_factory=lambda: {"ask": _PASSED, "issue": '{"token": "t1"}', "check": _PASSED}
    )
    asked: list[str] = field(default_factory=list)
    urls: list[str] = field(default_factory=list)
    cleaned: list[str] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    furnished: list[tuple[Path, bytes]] = field(default_factory=list)
    prepared: list[tuple[str, tuple[tuple[str, ...], ...]]] = field(default_factory=list)
    ahead: list[tuple[str, str, str | None]] = field(default_factory=list)
    programs_run: list[tuple[str, str, str, str | None, bool]] = field(default_factory=list)

    def __post_init__(self) -> None:
        """One server with an empty live database."""
        self.databases = FakeDatabases("live", files=self.files)
        self.scratch = FakeScratch(self.databases)

    def serving(self) -> str | None:
        """The id of the release that traffic goes to."""
        return self.ground.active

    def alive(self) -> set[str]:
        """The releases that run."""
        return {name for name, one in self.ground.instances.items() if one.alive}


@dataclass
class TownWork:
    """The service's commands; `town.broken` names those that fail."""

    town: Town
    repository: FakeRepository

    def run_tests(self, source: Path, database_url: str | None, junit: Path) -> Completed:
        """Two tests pass."""
        assert database_url
        self.town.files.write_durable(junit, JUNIT)
        return self._done("tests", source)

    def build(self, source: Path, out: Path, committed_at: datetime) -> Built:
        """A file that holds the commit."""
        assert committed_at.tzinfo is not None
        artifact = out / "town-1.whl"
        if "build" in self.town.broken:
            return Built(self._done("build", source, 1), None, "no compiler")
        self.town.files.write_durable(artifact, WHEEL)
        return Built(self._done("build", source), artifact)

    def furnish(self, venv: Path, lock: bytes) -> None:
        """Noted only: installing does the same."""
        if "furnish" in self.town.broken:
            raise StepFailed(f"{venv}: the disk is full")
        self.town.furnished.append((venv, lock))

    def install(self, venv: Path, artifact: Path, requirements: Path) -> Completed:
        """The release can start now."""
        assert artifact.suffix == ".whl"
        install(self.town.files, self.town.files.read(artifact), venv)
        self.town.ground.built.add(venv.parent.name)
        return self._done("install", requirements)

    def import_packages(self, venv: Path) -> Completed:
        """Fine."""
        return self._done("import", venv)

    def prepare(
        self, commands: Sequence[Sequence[str]], venv: Path, env: Mapping[str, str]
    ) -> tuple[Completed, ...]:
        """One chore, whatever is asked for."""
        assert env is not None
        self.town.prepared.append((venv.parent.name, tuple(map(tuple, commands))))
        return (self._done("prepare", venv, int("prepare" in self.town.broken)),)

    def ledger(self) -> Ledger:
        """That of SQL files."""
        return LEDGERS["sql"]

    def tries_alone(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        """It was refused; a town without `filter` cannot try it."""
        assert database_url
        assert env is not None
        self.town.tried.append(venv.parent.name)
        return None if "filter" in self.town.broken else self._done("alone", venv, 1)

    def migrate(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str], revision: str | None = None
    ) -> Migrated:
        """The database stands at the head of the checkout."""
        assert venv.name == "venv"
        assert source.name == "source"
        assert env is not None
        name = database_url.rpartition("/")[2]
        where = "migrate" if name == "live" else "rehearse"
        if where in self.town.broken:
            return Migrated(ok=False, revision=None, applied=(), why="syntax error")
        wanted = revision or self.town.head
        if f"{where} elsewhere" in self.town.broken:
            return Migrated(ok=True, revision=self.current_revision(database_url), applied=())
        self.town.databases.at(database_url).ddl = f"-- {wanted}"
        return Migrated(ok=True, revision=wanted, applied=(wanted,))

    def migrate_down(
        self, venv: Path, database_url: str, env: Mapping[str, str], revision: str | None
    ) -> Migrated:
        """No step of a deploy goes back by it."""
        raise AssertionError((venv, database_url, env, revision))

    def check_model(self, venv: Path, database_url: str, env: Mapping[str, str]) -> Completed | None:
        """No command."""
        assert venv.name == "venv"
        assert database_url
        assert env is not None
        return None

    def compare_models(
        self, venv: Path, source: Path, database_url: str, env: Mapping[str, str]
    ) -> Completed | None:
        """No deploy asks for it."""
        raise AssertionError((venv, source, database_url, env))

    def revisions(self, database_url: str) -> tuple[str, ...]:
        """The one revision."""
        found = self.current_revision(database_url)
        return (found,) if found else ()

    def current_revision(self, database_url: str) -> str | None:
        """As the schema says."""
        return self.town.databases.at(database_url).ddl.removeprefix("-- ") or None

    def smoke_variables(self, place: Place, command: Sequence[str]) -> Mapping[str, str]:
        """None needed."""
        assert place.venv.name == "venv"
        assert place.database_url
        assert command
        return {}

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
        """What the town prepared for the program of that name; told what it was given."""
        assert place.venv.name == "venv"
        assert timeout_s
        name = command[0]
        self.town.programs_run.append((name, place.venv.parent.name, url, stdin, confidential))
        if self.town.on_program:
            self.town.on_program(name)
        done = self._done(name, place.venv, int(name in self.town.broken))
        return replace(done, stdout=self.town.programs.get(name, ""))

    @contextmanager
    def smoke_ahead(self, place: Place, command: Sequence[str], url: str) -> Iterator[None]:
        """Noted, with what has the traffic then; and that it is over."""
        program = f"{command[0]} of {place.venv.parent.name}"
        self.town.ahead.append((program, url, self.town.serving()))
        try:
            yield
        finally:
            self.town.ahead.append((program, "over", self.town.serving()))

    def smoke_cleanup(self, place: Place, command: Sequence[str], variables: Mapping[str, str]) -> Completed:
        """Noted only."""
        assert place.database_url
        assert not variables
        self.town.cleaned.append(place.venv.parent.name)
        return self._done(command[0], place.venv)

    def ask_outside(
        self, place: Place, command: Sequence[str], services: Sequence[str], timeout_s: float
    ) -> Completed:
        """No deploy speaks to services of others."""
        raise AssertionError(place, command, services, timeout_s)

    def _done(self, what: str, where: Path, code: int = 0) -> Completed:
        evidence = self.town.evidence.record("process", {"what": what})
        return Completed(
            (what, str(where)), code, "", "said so", timed_out=False, duration_s=0.1, evidence=evidence
        )
