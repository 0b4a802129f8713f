"""Step 10: the release is good, tagged and kept; what retention no longer wants goes."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.core.errors import HotelctlError
from hotelctl.core.lazily import lazily
from hotelctl.deploy import source
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.retention import Kept, prune_backups, prune_releases, releases

if TYPE_CHECKING:
    from hotelctl.deploy import image
else:
    image = lazily("hotelctl.deploy.image")


class FinishStep:
    """Nothing in here can take the switch back: what cannot be tidied is said, not raised."""

    name = "finish"
    title = "Mark good, tag, tidy up"

    def __init__(self, operation: Operation) -> None:
        """Work on `operation`."""
        self._op = operation

    def plan(self) -> tuple[str, ...]:
        """What it would do, for people."""
        keep = self._op.configuration.spec.retention
        return (f"tag the commit; keep {keep.releases} good releases and {keep.backups} backups",)

    def apply(self) -> Mapping[str, Any]:
        """The git tag, and what retention removed."""
        op, release, former = self._op, self._op.candidate(), self._op.former()
        op.world.files.remove(op.layout.left(release.id))
        self._mark(op.layout.good(release.id))
        if former is not None and op.journal.progress().header["operation"] == "rollback":
            self._mark(op.layout.left(former.id))
        tag, notes = self._tag()
        kept = Kept(release.id, former.id if former else None)
        had = releases(op)
        pruned = (prune_releases(op, kept), prune_backups(op))
        gone = [name for one in pruned for name in one.gone]
        notes += [note for one in pruned for note in one.left]
        notes += [*image.called_previous(op), *image.let_go(op, had)]
        source.drop(op)
        removed = f", removed {len(gone)} outdated" if gone else ""
        return {
            "tag": tag,
            "notes": notes,
            "removed": gone,
            "summary": f"{release.tag} is good, {_tagged(tag)}{removed}",
        }

    def _mark(self, path: Path) -> None:
        op = self._op
        said = {"at": op.world.clock.now().isoformat(), "operation": op.id}
        op.world.files.write_durable(path, json.dumps(said).encode())

    def _tag(self) -> tuple[str | None, list[str]]:
        op, release = self._op, self._op.candidate()
        name = f"{op.configuration.environment_name}/{release.tag}"
        try:
            op.world.repository.tag(
                name, release.commit, f"{release.tag} deployed to {name.split('/', maxsplit=1)[0]}"
            )
        except HotelctlError as error:
            return None, [f"not tagged: {error.message}"]
        return name, []

    def undo(self) -> str:
        """Nothing: the switch stands."""
        return "nothing was taken back"


def _tagged(tag: str | None) -> str:
    return f"tagged {tag}" if tag else "not tagged"
