"""What a rehearsal does on the copy, one act after the other; each says in a line what came of it."""

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hotelctl.adapters.copied_roles import copy_roles
from hotelctl.adapters.embedded import SUPERUSER
from hotelctl.cli._database import embedded_url
from hotelctl.cli._rehearsal_asking import Answers, Asking
from hotelctl.cli._rehearsal_copy import Copy
from hotelctl.cli._serving import serving
from hotelctl.cli._wiring import layout_of
from hotelctl.core.errors import ExitCode, StepFailed, Unavailable
from hotelctl.core.units import thousands
from hotelctl.deploy.backup import Backup, BackupStore
from hotelctl.deploy.gate import require_commit
from hotelctl.deploy.targets.crash import CrashAfterSwitch
from hotelctl.facts.server_roles import quoted

_NO_DATABASE = "the service has no database"
_SERVING = ("OPS008", "OPS011")


@dataclass(frozen=True, slots=True)
class Plan:
    """What is rehearsed: `current` serves, `candidate` is deployed, `backup` is the newest one, if any."""

    current: str
    candidate: str
    backup: Backup | None


@dataclass(frozen=True, slots=True)
class Act:
    """A step of the rehearsal; `run` says what came of it, or raises `StepFailed`."""

    name: str
    title: str
    run: Callable[[], str]


@dataclass(slots=True)
class Acts:
    """The acts on one copy, while somebody asks it all the time."""

    copy: Copy
    plan: Plan
    asking: Asking
    candidate: str = ""
    schema: str | None = None

    def every(self) -> Iterator[Act]:
        """In the order in which they are done."""
        yield Act("data", "Fill the database of the copy", self.data)
        yield Act("current", f"Deploy what serves now, {self.plan.current[:12]}", self.current)
        yield Act("crash", "Deploy the candidate and kill it after the switch", self.crash)
        yield Act("candidate", "Deploy the candidate", self.deploy)
        yield Act("rollback", "Roll back by hand", self.rollback)
        yield Act("restore", "Restore the newest backup", self.restore)
        yield Act("verify", "Ask the release that serves again", self.verify)

    def data(self) -> str:
        """What the newest backup holds is in the database of the copy, counted and compared."""
        database, made = self.copy.configuration().spec.database, self.plan.backup
        if database is None:
            return _NO_DATABASE
        if made is None:
            return "no backup yet: migrations and smoke workflows leave all there is"
        ports = self.copy.wiring.ports
        configuration = self.copy.configuration()
        url = embedded_url(configuration, layout_of(configuration), ports.databases, start=True)
        if url is None:
            raise StepFailed("the database of the copy does not run")
        self._lend_roles(url, database.runtime_role)
        store = BackupStore(made.id, ports.vault, ports.files, ports.clock, sealing=ports.sealing)
        store.restore(ports.databases, made, url)
        return f"{thousands(made.rows, 'row')} of backup {made.id} restored, counted and compared"

    def _lend_roles(self, url: str, runtime_role: str | None) -> None:
        """Who the backup gives rights to is there: as on the server that it was taken of, if that answers."""
        databases, live = self.copy.wiring.ports.databases, self.copy.wiring.database_url
        if live is not None:
            # Of one that does not answer only the role is known that the service file names.
            with suppress(Unavailable):
                copy_roles(databases, live, url, SUPERUSER)
                return
        if runtime_role is not None:
            databases.execute(url, f"CREATE ROLE {quoted(runtime_role)}")

    def current(self) -> str:
        """The release that serves elsewhere serves here, too; from now on somebody asks it."""
        done = self.copy.run("deploy", "--yes")
        self._serves(self.plan.current)
        self.asking.begin()
        return f"serves on a database of its own after {done.duration_s:.1f} s"

    def crash(self) -> str:
        """Traffic came back by itself from a candidate that was killed as soon as it had it."""
        self._check_out_candidate()
        before = self.asking.answers
        with CrashAfterSwitch(self.copy.places) as fault:
            self.copy.run("deploy", "--yes", expected=int(ExitCode.ROLLED_BACK))
        crashed = fault.crashed
        if crashed is None or crashed.back_s is None:
            raise StepFailed("the candidate was not killed after the switch: nothing was rehearsed")
        self._serves(self.plan.current)
        lost = self.asking.answers.since(before)
        return f"killed after the switch; traffic was back after {crashed.back_s:.2f} s; {lost}"

    def deploy(self) -> str:
        """The candidate serves."""
        before = self.asking.answers
        done = self.copy.run("deploy", "--yes")
        self._serves(self.candidate)
        return f"serves after {done.duration_s:.1f} s; {self._none_lost(before)}"

    def rollback(self) -> str:
        """What served before serves again."""
        before = self.asking.answers
        done = self.copy.run("rollback", "--yes")
        self._serves(self.plan.current)
        self.schema = self._schema()
        return f"serves again after {done.duration_s:.1f} s; {self._none_lost(before)}"

    def restore(self) -> str:
        """The backup that the deploy took was restored into a database of its own, counted and compared."""
        if self.copy.configuration().spec.database is None:
            return _NO_DATABASE
        newest = self._told("backup", "list")[0]["id"]
        told = self._told("backup", "restore", newest)
        return f"{thousands(told['rows'], 'row')} of {told['backup']} are equal in {told['database']}"

    def verify(self) -> str:
        """The way back and the newest backup pass their checks in the copy."""
        done = json.loads(self.copy.run("verify", "--format", "json").stdout)
        checks = [check for section in done["sections"] for check in section["checks"]]
        found = {check["id"]: check["status"] for check in checks}
        bad = [rule for rule in _SERVING if found.get(rule) not in {"pass", "not_applicable"}]
        if bad:
            raise StepFailed(f"{bad[0]} is {found.get(bad[0], 'missing')} in the copy")
        return ", ".join(f"{rule} {found[rule]}" for rule in _SERVING)

    def _schema(self) -> str | None:
        """The newest revision in the database of the copy; None where the service has no migrations."""
        configuration, ports = self.copy.configuration(), self.copy.wiring.ports
        url = embedded_url(configuration, layout_of(configuration), ports.databases, start=False)
        if configuration.spec.migrations is None or url is None:
            return None
        revisions = ports.work.revisions(url)
        return revisions[-1] if revisions else None

    def _check_out_candidate(self) -> None:
        """The same commit twice would be one release: then it gets a commit on top with the same files."""
        self.copy.check_out(self.plan.candidate)
        again = self.plan.candidate == self.plan.current
        self.candidate = self.copy.commit() if again else self.plan.candidate

    def _serves(self, commit: str) -> None:
        """Return when the edge of the copy answers with that commit. Raises `StepFailed`."""
        configuration = self.copy.configuration()
        release = serving(configuration)
        if release.commit != commit:
            raise StepFailed(f"{release.tag} serves in the copy, not {commit[:12]}")
        health = configuration.spec.health
        require_commit(health, self.copy.url, commit, self.copy.wiring.ports.http)

    def _none_lost(self, before: Answers) -> str:
        lost = self.asking.answers.since(before)
        lost.require_none_lost()
        return str(lost)

    def _told(self, *words: str) -> Any:  # noqa: ANN401 - JSON of a command
        """What a command of the copy answers as JSON."""
        return json.loads(self.copy.run(*words, "--format", "json").stdout)
