"""Step 5: what serves now is pinned as the way back, and the database is dumped with its counts."""

from collections.abc import Mapping
from typing import Any

from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.stock import own_store


class BackupStep:
    """Leaves `backups/<id>/`; without its manifest the backup does not exist."""

    name = "backup"
    title = "Back up the database"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        former = self._op.former()
        kept = f"keep {former.tag} as previous" if former else "nothing serves yet"
        return (kept, "dump the database with the counts of the same snapshot")

    def apply(self) -> Mapping[str, Any]:
        """The backup's digest, size and rows, and the release that is kept as `previous`."""
        op, url = self._op, self._op.database_url
        former = op.former()
        previous = former.id if former else None
        if url is None:
            return {"previous": previous, "summary": "the service has no database"}
        made = own_store(op).take(op.world.databases, url, self._revision(url, former))
        return {
            "previous": previous,
            "backup": made.id,
            "sha256": made.sha256,
            "size_bytes": made.size_bytes,
            "rows": made.rows,
            "revision": made.revision,
            "summary": f"{made.rows} rows of {len(made.tables)} tables, {made.size_bytes // 1000} kB, "
            f"revision {made.revision or 'none'}",
        }

    def _revision(self, url: str, former: Release | None) -> str | None:
        """Where the database is. A release that serves has left its schema there."""
        found = self._op.world.work.current_revision(url)
        if found is None and former is not None and former.migration_head is not None:
            raise StepFailed(
                f"the database was never migrated, but {former.tag} serves and needs {former.migration_head}",
                "is this the database that the serving release uses? look at the URL",
            )
        return found

    def undo(self) -> str:
        """The backup of a deploy that did not happen is removed, unless the schema has moved since."""
        if self._op.journal.progress().effects.get("migrate"):
            return "backup kept: it holds the database as it was before the migration"
        try:
            own_store(self._op).delete()
        except (StepFailed, UsageError, Unavailable) as error:
            # It is beside the service: that it stays is no reason to hold the environment.
            return f"backup not removed: {error}; hotelctl backup prune tells what is left"
        return "backup removed"
