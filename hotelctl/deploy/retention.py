"""What stays: what serves, the way back, the last good releases, the newest proven backup."""

import json
from dataclasses import dataclass
from pathlib import Path

from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release


@dataclass(frozen=True, slots=True)
class Kept:
    """The ids of the release that serves and of the one that is kept warm."""

    serving: str
    previous: str | None


def releases(operation: Operation) -> tuple[Release, ...]:
    """Every release that exists, oldest first; an id begins with its time."""
    found = operation.world.files.glob(operation.layout.state / "releases", "*/manifest.json")
    read = (json.loads(operation.world.files.read(path)) for path in sorted(found))
    return tuple(Release.from_json(raw) for raw in read)


def prune_releases(operation: Operation, kept: Kept) -> tuple[str, ...]:
    """Stop all but what serves and the warm one; remove the good ones beyond the limit and the rest."""
    limit = operation.configuration.spec.retention.releases
    found = releases(operation)
    good = [r for r in found if operation.world.files.exists(operation.layout.good(r.id))]
    stay = {kept.serving, kept.previous, *(release.id for release in good[-limit:])}
    gone: list[str] = []
    for release in found:
        if release.id in (kept.serving, kept.previous):
            continue
        operation.target.retire(release)
        if release.id not in stay:
            operation.target.discard(release)
            gone.append(release.tag)
    return tuple(gone)


def prune_backups(operation: Operation) -> tuple[str, ...]:
    """Remove the oldest beyond the limit; the newest verified one always stays."""
    limit = operation.configuration.spec.retention.backups
    root = operation.layout.state / "backups"
    found = sorted(operation.world.files.glob(root, "*/manifest.json"))
    newest_verified = next((path for path in reversed(found) if _verified(operation, path)), None)
    old = [path for path in found[:-limit] if path != newest_verified]
    for manifest in old:
        operation.world.files.remove(manifest)
        operation.world.files.remove(manifest.parent)
    return tuple(path.parent.name for path in old)


def _verified(operation: Operation, manifest: Path) -> bool:
    return bool(json.loads(operation.world.files.read(manifest)).get("verified_at"))
