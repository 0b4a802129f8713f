"""Step 7: the expand migrations that step 6 rehearsed, on the real database."""

from collections.abc import Mapping
from typing import Any

from hotelctl.core.errors import Diverged, StepFailed, Unavailable
from hotelctl.deploy.applied import note_applied
from hotelctl.deploy.journal import Kind
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.stock import told_by
from hotelctl.deploy.way import require_arrival


class MigrateStep:
    """The database's own revision tells what is left to do, so a repeat does only that."""

    name = "migrate"
    title = "Migrate the database"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        migrations = self._op.configuration.spec.migrations
        command = (" ".join(migrations.command),) if migrations and migrations.command else ()
        rule = "apply the rehearsed migrations; they stay when the deploy is taken back"
        return (rule, *command)

    def apply(self) -> Mapping[str, Any]:
        """The revisions before and after."""
        op, proven = self._op, self._op.result("prove")
        if op.database_url is None:
            return {"summary": "the service has no database"}
        before = op.world.work.current_revision(op.database_url)
        there = op.world.work.revisions(op.database_url)
        # Of several heads the last by name may be there, and another one not.
        if set(there) == set(proven["heads"]) if proven.get("heads") else before == proven["to"]:
            note_applied(op, op.database_url, self._from() if self._begun() else before)
            return {"from": before, "to": before, "summary": f"at {before or 'no revision'}: nothing to do"}
        if before != proven["from"] and proven["from"] is not None and not self._begun():
            raise Diverged(
                f"the database is at {before}, the proof of step 6 holds from {proven['from']}",
                "somebody migrated it meanwhile; hotelctl abort, look, then deploy again",
            )
        effect = {"from": before, "to": proven["to"], "there": list(there)}
        op.journal.append(self.name, Kind.EFFECT, effect)
        return self._migrate(op.database_url, before)

    def _from(self) -> str | None:
        """Where the database was before the first attempt."""
        first: str | None = self._op.journal.progress().effects[self.name][0]["from"]
        return first

    def _begun(self) -> bool:
        return bool(self._op.journal.progress().effects.get(self.name))

    def _migrate(self, url: str, before: str | None) -> Mapping[str, Any]:
        op, release = self._op, self._op.candidate()
        venv, tree = op.layout.venv(release.id), op.layout.source(op.id)
        with op.world.databases.migrating(url, told_by(op)):
            done = op.world.work.migrate(venv, tree, url, op.release_env(release.id))
        # Of what fails half-way, the first half stays.
        note_applied(op, url, self._from())
        if not done.ok:
            raise StepFailed(
                f"the migration failed on the real database: {done.why}",
                "traffic was not touched; remove the cause, then hotelctl deploy",
            )
        proven = op.result("prove")
        wanted = proven.get("heads") or ([proven["to"]] if proven["to"] else [])
        require_arrival(op, url, wanted, "the real database")
        summary = f"{before or 'no revision'} -> {done.revision}"
        return {"from": before, "to": done.revision, "summary": summary}

    def undo(self) -> str:
        """Expand migrations stay: what serves was proven to run on them. Says what the database says."""
        op = self._op
        before, meant, there = (
            op.journal.progress().effect(self.name, key) for key in ("from", "to", "there")
        )
        if meant is None or op.database_url is None:
            return "nothing was changed"
        try:
            now, known = (
                op.world.work.current_revision(op.database_url),
                op.world.work.revisions(op.database_url),
            )
        except Unavailable as trouble:
            return f"whether the schema is at {meant} is not known: {trouble.reason}"
        if now == before if there is None else list(known) == there:
            return f"the schema is at {before or 'no revision'}, as before"
        runs = "on which the former release runs" if op.former() else "which the next deploy goes on from"
        return f"the schema stays at {now}, {runs}"
