"""One command in the town: the real steps driven over its ports, killed wherever a test wants."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.config.environment import Environment, Watch
from hotelctl.config.load import Configuration, Source
from hotelctl.config.service import ServiceSpec
from hotelctl.core.check import CheckInfo, Stage
from hotelctl.core.finding import Finding, HttpExchange, Severity
from hotelctl.core.progress import Silent
from hotelctl.core.redact import by_shape
from hotelctl.core.report import CheckResult, JudgedFinding, Status
from hotelctl.deploy.conduct import Conduct
from hotelctl.deploy.journal import Journal, Kind, Outcome
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.operation import Judge, Operation, World
from tests.deploy.town import LIVE, SPEC, STATE, Town, TownWork
from tests.deploy.town_ports import TownHttp, TownInstances, TownLock, TownTarget
from tests.deploy.world import Killed
from tests.fakes.repository import FakeRepository

_CONDUCT = Conduct("me", lambda: False)
_RED = CheckInfo("OPS005", "is live", Severity.CRITICAL, "why", "how", (), Stage.RUNNING)


def _judged(failing: Stage | None) -> Judge:
    """Every stage is green but the one that a test wants red."""
    shown = HttpExchange("GET", "http://h/", 500, by_shape("no"))
    finding = JudgedFinding(Finding("OPS005", "OPS005 is red", (shown,)), Severity.CRITICAL, ("ev-1",))
    red = CheckResult(_RED, Status.FAILED, 0.0, ("ev-1",), (finding,))
    return lambda stage, _measured: (red,) if stage is failing else ()


# A second of watch by the town's own clock is twenty looks, and there are hundreds of deploys in it.
_PLACE = Environment(watch=Watch(window_s=1))
_CONFIGURATION = Configuration(
    ServiceSpec.model_validate(SPEC), "local", _PLACE, Path("/project"), Source("hotelctl.toml"), {}
)


def _world(town: Town, repository: FakeRepository) -> World:
    return World(
        clock=town.clock,
        files=town.files,
        repository=repository,
        databases=town.databases,
        scratch=town.scratch,
        http=TownHttp(town),
        evidence=town.evidence,
        work=TownWork(town, repository),
        instances=TownInstances(town),
        tracer=town.tracer,
        lock=TownLock(town),
        vault=DirectoryVault(STATE / "backups", town.files),
        builds=town.builds,
    )


@dataclass
class Command:
    """One command in the town: it may be killed before or after the n-th record of its journal."""

    town: Town
    kill_at: int | None = None
    durable: bool = True
    failing: Stage | None = None
    asked: Callable[[Stage], object] = lambda _stage: None
    diverged: str = ""
    measured: dict[Stage, Sequence[tuple[Any, Sequence[str]]]] = field(default_factory=dict)

    def deploy(self, name: str, commit: str) -> Outcome:
        """A new deploy of `commit`."""
        return self._run(self._begin("deploy", name, commit, {}))

    def rollback(self, name: str, to: str | None = None) -> Outcome:
        """A new rollback."""
        return self._run(self._begin("rollback", name, "f" * 40, {"to": to}))

    def resume(self, name: str) -> Outcome:
        """Go on with `name`."""
        return self._run(self.operation(name))

    def abort(self, name: str) -> Outcome:
        """Take `name` back, or go on when it has switched."""
        return _CONDUCT.settle(self.operation(name))

    def operation(self, name: str, commit: str = "") -> Operation:
        """The operation called `name` over this command's ports."""
        town, journal = self.town, self._journal(name)
        commit = commit or str(journal.progress().header["commit"])
        repository = FakeRepository()
        repository.commit(commit, {**town.sources, f"migrations/{town.head}": "SELECT 1;"})
        repository.files, repository.evidence = town.files, town.evidence
        return Operation(
            id=name,
            configuration=_CONFIGURATION,
            layout=Layout(STATE),
            tree=repository.work_tree(),
            database_url=LIVE,
            role_password="role",
            world=_world(town, repository),
            target=TownTarget(town),
            journal=journal,
            judge=self._judge,
            release_env=lambda _release: {"DATABASE_URL": LIVE},
            fingerprint=lambda value: f"#{len(value)}",
            observer=Silent(),
        )

    def _judge(self, stage: Stage, measured: Sequence[tuple[Any, Sequence[str]]]) -> tuple[CheckResult, ...]:
        self.asked(stage)
        self.measured[stage] = measured
        return _judged(self.failing)(stage, measured)

    def _begin(self, kind: str, name: str, commit: str, extra: Mapping[str, Any]) -> Operation:
        operation = self.operation(name, commit)
        serving = operation.target.serving()
        header = {
            "operation": kind,
            "id": name,
            "commit": commit,
            "serving": serving.to_json() if serving else None,
            **({"diverged": self.diverged} if self.diverged else {}),
            **extra,
        }
        operation.journal.append("", Kind.NOTE, header)
        return operation

    @staticmethod
    def _run(operation: Operation) -> Outcome:
        return _CONDUCT.run(operation)

    def _journal(self, name: str) -> Journal:
        def around(number: int, durable: bool) -> None:  # noqa: FBT001 - the journal's own signature
            if number == self.kill_at and durable == self.durable:
                raise Killed

        fence = TownLock(self.town).acquire("deploy", name)
        log = self.town.files.append_log(Layout(STATE).journal(name))
        return Journal(log, self.town.clock, fence, around)
