"""What stays: what serves, the way back, the last good releases, the newest proven backup."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.errors import StepFailed, UsageError
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


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, and what should have been with the reason why it is still there."""

    gone: tuple[str, ...]
    left: tuple[str, ...]


def prune_releases(operation: Operation, kept: Kept) -> Pruned:
    """Stop all but what serves and the warm one; remove the good ones beyond the limit and the rest.

    Good ones that are alike count once, and those that a rollback left go first.
    """
    limit = operation.configuration.spec.retention.releases
    found = releases(operation)
    good = [r for r in found if operation.world.files.exists(operation.layout.good(r.id))]
    worth = sorted(
        _different(good), key=lambda r: not operation.world.files.exists(operation.layout.left(r.id))
    )
    stay = {kept.serving, kept.previous, *(release.id for release in worth[-limit:])}
    idle = [release for release in found if release.id not in (kept.serving, kept.previous)]
    outdated = [release for release in idle if release.id not in stay]
    left = _refused(idle, operation.target.retire) | _refused(outdated, operation.target.discard)
    gone = tuple(release.tag for release in outdated if release.id not in left)
    return Pruned(gone, tuple(f"release {name} is not tidied away: {why}" for name, why in left.items()))


def _different(good: Sequence[Release]) -> list[Release]:
    """The newest of those that are alike, oldest first: one that was deployed often takes one place."""
    return [
        release for n, release in enumerate(good, start=1) if not any(release.alike(one) for one in good[n:])
    ]


def _refused(releases: Iterable[Release], act: Callable[[Release], object]) -> dict[str, str]:
    """The ids of those on which `act` failed, and why; it was tried on every one."""
    refused: dict[str, str] = {}
    for release in releases:
        try:
            act(release)
        except (StepFailed, UsageError) as error:
            refused[release.id] = error.message
    return refused


def prune_backups(operation: Operation) -> Pruned:
    """Remove the oldest beyond the limit; the newest verified one always stays."""
    limit = operation.configuration.spec.retention.backups
    root = operation.layout.state / "backups"
    found = sorted(operation.world.files.glob(root, "*/manifest.json"))
    newest_verified = next((path for path in reversed(found) if _verified(operation, path)), None)
    old = [path for path in found[:-limit] if path != newest_verified]
    gone: list[str] = []
    left: list[str] = []
    for manifest in old:
        name = manifest.parent.name
        try:
            operation.world.files.remove(manifest)
            operation.world.files.remove(manifest.parent)
            gone.append(name)
        except (StepFailed, UsageError) as error:
            left.append(f"backup {name} is not tidied away: {error.message}")
    return Pruned(tuple(gone), tuple(left))


def _verified(operation: Operation, manifest: Path) -> bool:
    return bool(json.loads(operation.world.files.read(manifest)).get("verified_at"))
