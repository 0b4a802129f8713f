"""Step 6: the backup restores, the migration runs on it, and the old release still works there."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.backup import Backup, BackupStore
from hotelctl.deploy.migrations import heads_of
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.part import part_of, planned
from hotelctl.deploy.rehearsal import old_release_on
from hotelctl.deploy.release import Release
from hotelctl.deploy.replaying import Planned, broken_on, planned_on
from hotelctl.deploy.stock import own_store, told_by
from hotelctl.deploy.way import require_arrival, require_way
from hotelctl.facts.partial_restore import Part
from hotelctl.facts.rehearsal import WHOLE, Rehearsal


class RollbackClass(StrEnum):
    """What a rollback may rely on. FIRST: there is nothing to go back to."""

    FIRST = "first"
    SAME_SCHEMA = "A"
    OLD_CODE_RUNS = "B"


_MEANS = {
    RollbackClass.FIRST: "first deploy: no earlier release",
    RollbackClass.SAME_SCHEMA: "class A: the schema does not change",
    RollbackClass.OLD_CODE_RUNS: "class B: the old release passed its smoke workflows on the migrated copy",
}


def _incompatible(former: Release, why: str) -> StepFailed:
    """Class C, be it that the old release does not even get ready there."""
    return StepFailed(
        f"class C: the serving release {former.tag} does not run on the new schema: {why}",
        "split the change: expand now, contract one release later",
    )


def _how(part: Part | None) -> str:
    return WHOLE if part is None else part.proves


def _equal(made: Backup, part: Part | None) -> str:
    if part is None:
        return f"restored copy equal ({made.rows} rows)"
    return f"restored copy equal in part: {part.proves}"


class ProveStep:
    """All of it in a scratch database that is gone afterwards."""

    name = "prove"
    title = "Prove backup, migration and way back"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        partly = planned(self._op.configuration.spec.backups)
        lines = (
            f"restore the backup into a scratch database and compare{partly and f': {partly}'}",
            "rehearse the migrations there, if any is left",
        )
        return (
            (*lines, "run the old release's smoke workflows on the migrated copy")
            if self._op.former()
            else lines
        )

    def apply(self) -> Mapping[str, Any]:
        """The rollback class and what it stands on."""
        if self._op.database_url is None:
            kind = RollbackClass.SAME_SCHEMA if self._op.former() else RollbackClass.FIRST
            return {
                "class": kind.value,
                "rehearsal": self._rehearsal(kind, None, None, None),
                "summary": f"the service has no database; {_MEANS[kind]}",
            }
        with self._op.world.scratch.scratch("prove") as url:
            return self._proven(url)

    def _proven(self, url: str) -> Mapping[str, Any]:
        op = self._op
        store = own_store(op)
        made = store.read()
        if made is None or made.sha256 != op.result("backup")["sha256"]:
            raise StepFailed(
                "the backup of step 5 is gone or another one", "hotelctl abort, then deploy again"
            )
        part = part_of(op, made)
        verified_at = self._restored(store, made, part, url)
        heads, before = heads_of(op), set(op.world.work.revisions(url))
        planned = self._planned(before, heads, url)
        began = op.world.clock.monotonic()
        head = self._rehearse(before, heads, url)
        seconds = op.world.clock.monotonic() - began
        # Of several heads one may move that is not the last by name.
        moved = set(op.world.work.revisions(url)) != before
        kind = self._classify(url, planned, moved=moved)
        changed = (
            f"{made.revision or 'no revision'} -> {head} in {seconds:.1f} s" if moved else "no migration"
        )
        return {
            "class": kind.value,
            "rehearsal": self._rehearsal(kind, made.sha256, made.revision, head, _how(part)),
            "verified_at": verified_at,
            "proved": _how(part),
            "not_proven": part.not_proven if part else "",
            "from": made.revision,
            "to": head,
            "heads": list(heads),
            "migration_s": round(seconds, 3),
            "summary": f"{_equal(made, part)}; {changed}; {_MEANS[kind]}"
            f"{f'; {part.not_proven}' if part else ''}",
        }

    def _restored(self, store: BackupStore, made: Backup, part: Part | None, url: str) -> str | None:
        """When all of it was proven; None for a part, which leaves the backup unverified."""
        op = self._op
        if part is not None:
            op.observer.said(f"{part.proves} are restored; {part.not_proven}")
            store.try_part(op.world.databases, made, part.tables, url)
            return None
        proven = store.prove(op.world.databases, made, url)
        op.observer.said(f"backup restored: {proven.rows} rows equal")
        return proven.verified_at

    def _rehearse(self, before: AbstractSet[str], heads: Sequence[str], url: str) -> str | None:
        """The revision afterwards; at the newest one already, nothing runs, as nothing will in step 7.

        Of SQL files, of which no heads are known, an older one may be left: they are always asked.
        """
        op = self._op
        release = op.result("build")["release"]
        if heads and before == set(heads):
            return op.world.work.current_revision(url)
        venv, tree = op.layout.venv(release["id"]), op.layout.source(op.id)
        require_way(op, release["id"])
        with op.world.databases.migrating(url, told_by(op)):
            done = op.world.work.migrate(venv, tree, url, op.release_env(release["id"]))
        if not done.ok:
            # The copy's name helps nobody: it is gone by the time that this is read.
            why = done.why.replace(f"{urlsplit(url).path.removeprefix('/')}: ", "")
            raise StepFailed(
                f"the migration fails on a copy of the database: {why}",
                "mend the migration; the database itself was not touched",
            )
        require_arrival(op, url, heads, "the copy of the database")
        return done.revision

    def _planned(self, before: AbstractSet[str], heads: Sequence[str], url: str) -> Planned:
        """What the former release was heard to ask; where no migration is left, nobody needs to know."""
        former = self._op.former()
        if former is None or (heads and before == set(heads)):
            return ()
        return planned_on(self._op, former, url)

    def _classify(self, url: str, planned: Planned, *, moved: bool) -> RollbackClass:
        former = self._op.former()
        if former is None:
            return RollbackClass.FIRST
        if not moved:
            return RollbackClass.SAME_SCHEMA
        if refused := broken_on(self._op, planned, url):
            one = refused[0]
            why = f"its tests ask {one.said!r}, which is refused: {one.after.message} ({one.after.sqlstate})"
            raise _incompatible(former, why)
        try:
            failed = [result for result in old_release_on(self._op, former, url) if not result.passed]
        except StepFailed as error:
            raise _incompatible(former, error.message) from error
        if failed:
            raise _incompatible(former, f"{failed[0].name}: {failed[0].why}")
        return RollbackClass.OLD_CODE_RUNS

    def _rehearsal(
        self,
        kind: RollbackClass,
        backup_sha256: str | None,
        before: str | None,
        after: str | None,
        proved: str = WHOLE,
    ) -> Mapping[str, Any] | None:
        """What this proves, bound to the one release that it is about; None where none served."""
        former = self._op.former()
        if former is None:
            return None
        known = (former.id, former.artifact_sha256, backup_sha256, before, after)
        return Rehearsal(kind.value, *known, proved=proved).to_json()

    def undo(self) -> str:
        """The scratch database ended with the step."""
        return "nothing was kept"
