"""Operations made of what is wired: begun with their header, found again by their journal."""

import os
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from hotelctl.adapters.docker_build import DockerBuilds
from hotelctl.adapters.tracer import WireTracer
from hotelctl.adapters.user import user_name
from hotelctl.cli._chronicle import kept_elsewhere
from hotelctl.cli._context import context_of, judge_stage, keep_results, kept_results
from hotelctl.cli._faults import fault
from hotelctl.cli._unwritten import Unwritten
from hotelctl.cli._version import installed_version
from hotelctl.cli._wiring import Wiring, kept_answers
from hotelctl.config.pinned import REPLACED
from hotelctl.config.release_env import database_identity
from hotelctl.core.check import Stage
from hotelctl.core.holder import Lock
from hotelctl.core.ports import WorkTree
from hotelctl.core.progress import Observer
from hotelctl.core.report import CheckResult
from hotelctl.deploy.conduct import require_database, require_ground, settings_mark
from hotelctl.deploy.databases import database_marks
from hotelctl.deploy.fenced import FencedLog
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.judgement import withdrawn
from hotelctl.deploy.operation import Operation, World
from hotelctl.deploy.target import Target
from hotelctl.deploy.traffic import Traffic, look
from hotelctl.facts.state_file import read_again, variables


@dataclass(frozen=True, slots=True)
class Announcing:
    """Passes everything on, and writes the step into the lock's record for those who wait."""

    observer: Observer
    lock: Lock
    operation_id: str

    def began(self, n: int, total: int, name: str, title: str) -> None:
        """A step begins."""
        self.lock.at(name, self.operation_id)
        self.observer.began(n, total, name, title)

    def said(self, text: str) -> None:
        """A line from inside a step."""
        self.observer.said(text)

    def ended(self, status: str, summary: str, seconds: float) -> None:
        """A step is over."""
        self.observer.ended(status, summary, seconds)


@dataclass(frozen=True, slots=True)
class Operator:
    """Begins operations and finds them again; whoever makes one holds the lock with `fence`."""

    wiring: Wiring
    target: Target
    lock: Lock
    fence: int
    observer: Observer
    workspace: Path

    def begin(self, kind: str, name: str, tree: WorkTree, extra: Mapping[str, Any]) -> Operation:
        """A new operation whose journal holds its header. Raises `Diverged` as `require_ground` does."""
        traffic = self.traffic()
        require_ground(traffic, kind, extra.get("to"))
        header = {**self._header(kind, name, tree, traffic), **extra}
        journal = self._journal(name)
        journal.append("", Kind.NOTE, header)
        return self._operation(name, tree, journal)

    def preview(self, kind: str, tree: WorkTree, extra: Mapping[str, Any] | None = None) -> Operation:
        """An operation that is only looked at: its journal is written nowhere."""
        journal = Journal(Unwritten(), self.wiring.ports.clock, self.fence)
        header = {**self._header(kind, "preview", tree, self.traffic()), **(extra or {})}
        journal.append("", Kind.NOTE, header)
        return self._operation("preview", tree, journal)

    def traffic(self) -> Traffic:
        """What has the traffic now, as target and journals tell."""
        return look(self.target, past_operations(self.wiring.layout, self.wiring.ports.files))

    def _header(self, kind: str, name: str, tree: WorkTree, traffic: Traffic) -> dict[str, Any]:
        configuration, serving = self.wiring.configuration, traffic.release
        return {
            "operation": kind,
            "id": name,
            "service": configuration.spec.service.name,
            "environment": configuration.environment_name,
            "port": configuration.environment.port,
            "commit": tree.commit,
            "committed_at": tree.committed_at.isoformat(),
            "serving": None if serving is None else serving.to_json(),
            **({"diverged": traffic.diverged.message} if traffic.diverged else {}),
            "user": user_name(),
            "host": socket.gethostname(),
            "hotelctl": installed_version(),
            **self._database(),
            "settings": settings_mark(configuration),
        }

    def _database(self) -> dict[str, str | None]:
        """Which database this is, as a header holds it: the same server and name give the same."""
        url = self.wiring.database_url
        return database_marks(None if url is None else database_identity(url), self.wiring.redactor.mark)

    def reopen(self, past: Past, tree: WorkTree) -> Operation:
        """An unfinished operation as its journal tells it, whatever is checked out now.

        Raises:
            UsageError: the database is another one than the operation began with, or what was judged
                in it cannot be read any more, so that its end could not be reported.

        """
        require_database(past, self._database())
        kept_results(self.wiring.layout, past.id)
        journal = self._journal(past.id)
        if past.progress.outcome is None:
            journal.append("", Kind.NOTE, {"reopened_by": user_name(), "pid": os.getpid()})
        header = past.progress.header
        committed = datetime.fromisoformat(str(header["committed_at"]))
        return self._operation(
            past.id, replace(tree, commit=str(header["commit"]), committed_at=committed), journal
        )

    def _journal(self, name: str) -> Journal:
        ports, configuration = self.wiring.ports, self.wiring.configuration
        log = ports.files.append_log(self.wiring.layout.journal(name))
        around = fault(self.wiring.environ, configuration.environment.profile, configuration.environment_name)
        return Journal(FencedLog(log, self.lock), ports.clock, self.fence, around, self.wiring.redactor)

    def _operation(self, name: str, tree: WorkTree, journal: Journal) -> Operation:
        wiring, kept = self.wiring, kept_answers(self.wiring, dirty=False)

        def judged(stage: Stage, measured: Sequence[tuple[Any, Sequence[str]]]) -> tuple[CheckResult, ...]:
            context = context_of(wiring, self.traffic(), self.workspace, deploying=True)
            judged_now = judge_stage(wiring, replace(context, kept_layers=kept), stage, measured)
            results = tuple(replace(one, cached=kept.since(one.evidence)) for one in judged_now)
            if stage.asks_what_serves:
                serving = self.traffic().release
                results = withdrawn(results, serving.id if serving else None, operation.candidate().id)
            keep_results(wiring, name, stage, results)
            return results

        operation = Operation(
            id=name,
            configuration=wiring.configuration,
            layout=wiring.layout,
            tree=tree,
            database_url=wiring.database_url,
            role_password=wiring.role_password,
            world=self._world(),
            target=self.target,
            journal=journal,
            judge=judged,
            release_env=self._release_env,
            fingerprint=wiring.redactor.mark,
            observer=Announcing(self.observer, self.lock, name),
        )
        return operation

    def _world(self) -> World:
        wiring, ports = self.wiring, self.wiring.ports
        return World(
            clock=ports.clock,
            files=ports.files,
            repository=ports.repository,
            databases=ports.databases,
            scratch=ports.scratch,
            http=ports.http,
            evidence=ports.evidence,
            work=ports.work,
            instances=ports.instances,
            tracer=WireTracer(self.workspace, ports.evidence),
            lock=self.lock,
            vault=ports.vault,
            builds=DockerBuilds(
                wiring.environ,
                ports.evidence,
                ports.processes,
                ports.images,
                low_priority=wiring.configuration.environment.low_priority,
            ),
            sealing=ports.sealing,
            elsewhere=lambda: kept_elsewhere(wiring.configuration),
        )

    def _release_env(self, release_id: str) -> Mapping[str, str]:
        """As pinned when the release was built, else as it would be now. Raises `UsageError`."""
        path = self.wiring.layout.environment(release_id)
        if not self.wiring.ports.files.exists(path):
            return self.wiring.release_env()
        return read_again(path, path.read_bytes(), variables, REPLACED)
