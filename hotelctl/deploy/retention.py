"""What stays: what serves, the way back, the last good releases, the newest proven backup."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.core.holder import Lock
from hotelctl.core.ports import Files
from hotelctl.core.vault import Vault
from hotelctl.deploy.elsewhere import why_kept
from hotelctl.deploy.history import told_operations
from hotelctl.deploy.interrupted_restore import noted
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.naming import is_operation
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.stock import State, leaving, of_deploys, stock
from hotelctl.facts.state_file import read_again


@dataclass(frozen=True, slots=True)
class Kept:
    """The ids of the release that serves and of the one that is kept warm."""

    serving: str
    previous: str | None


def releases(operation: Operation) -> tuple[Release, ...]:
    """Every release whose manifest can be read, oldest first; an id begins with its time."""
    return tuple(one for one in _manifests(operation).values() if isinstance(one, Release))


def spoilt_releases(operation: Operation) -> Mapping[str, str]:
    """Why the manifests of the others cannot be read, by the release's id, oldest first."""
    read = _manifests(operation).items()
    return {name: one.message for name, one in read if isinstance(one, UsageError)}


def _manifests(operation: Operation) -> dict[str, Release | UsageError]:
    """By directory; a copy under another name is no release."""
    found = operation.world.files.glob(operation.layout.state / "releases", "*/manifest.json")
    read: dict[str, Release | UsageError] = {}
    for path in sorted(found):
        name = path.parent.name
        try:
            release = read_again(path, operation.world.files.read(path), Release.from_json, "")
        except UsageError as error:
            read |= {name: error} if is_operation(name) else {}
        else:
            read |= {name: release} if release.id == name else {}
    return read


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was removed, and what should have been with the reason why it is still there."""

    gone: tuple[str, ...]
    left: tuple[str, ...]


def prune_releases(operation: Operation, kept: Kept) -> Pruned:
    """Stop all but what serves and the warm one; remove the good ones beyond the limit and the rest.

    Good ones that are alike count once, and those that a rollback left go first. The one that a rollback goes
    to stays whatever the limit: where one commit was deployed twice, it is not the one before.
    """
    limit = operation.configuration.spec.retention.releases
    found = releases(operation)
    good = [r for r in found if operation.world.files.exists(operation.layout.good(r.id))]
    worth = sorted(
        _different(good), key=lambda r: not operation.world.files.exists(operation.layout.left(r.id))
    )
    stay = {kept.serving, kept.previous, *_way_back(good, kept, operation)}
    stay |= {release.id for release in worth[-limit:]}
    idle = [release for release in found if release.id not in (kept.serving, kept.previous)]
    outdated = [release for release in idle if release.id not in stay]
    left = _refused(idle, operation.target.retire) | _refused(outdated, operation.target.discard)
    left |= spoilt_releases(operation)
    gone = tuple(release.tag for release in outdated if release.id not in left)
    return Pruned(gone, tuple(f"release {name} is not tidied away: {why}" for name, why in left.items()))


def _way_back(good: Sequence[Release], kept: Kept, operation: Operation) -> tuple[str, ...]:
    """The id of the newest good one that is another than serves and was not left, if any served before."""
    now = next((release for release in good if release.id == kept.serving), None)
    if now is None or kept.previous is None:
        return ()
    older = (release for release in reversed(good) if release.id < now.id and not release.alike(now))
    here = (one.id for one in older if not operation.world.files.exists(operation.layout.left(one.id)))
    return tuple(islice(here, 1))


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
    """Remove the oldest beyond the limit; the newest verified one stays, and what somebody names.

    So does that of a deploy which nobody knows, in a store that is shared.
    """
    world, layout = operation.world, operation.layout
    try:
        items = stock(world.vault, world.files, world.clock)
        elsewhere = world.elsewhere()
        stay = named(layout, world.files) | elsewhere.need
    except (StepFailed, UsageError, Unavailable) as error:
        return Pruned((), (f"backups are not tidied away: {error}",))
    unknown = elsewhere.unknown(of_deploys(items), told_operations(layout, world.files).ids)
    limit = operation.configuration.spec.retention.backups
    surplus = [one.name for one in leaving(items, limit, None, stay)]
    old = [name for name in surplus if name not in unknown]
    told = [why_kept(name) for name in surplus if name in unknown]
    told += [f"backup {one.name} is not tidied away: {one.why}" for one in items if one.state is State.SPOILT]
    gone, left = remove_backups(world.vault, old, world.lock)
    return Pruned(gone, (*told, *left))


def named(layout: Layout, files: Files) -> frozenset[str]:
    """The backups that stay whatever their age: those of kept releases and of open journals.

    A journal that is damaged may be one that is open.
    """
    told = told_operations(layout, files)
    kept = (path.parent.name for path in files.glob(layout.state / "releases", "*/manifest.json"))
    still_open = (past.id for past in told.pasts if past.progress.outcome is None)
    return frozenset((*kept, *still_open, *(one.id for one in told.damaged), *_in_hand(layout, files)))


def _in_hand(layout: Layout, files: Files) -> tuple[str, ...]:
    """The backup of a restore that was interrupted; a spoilt record names none."""
    try:
        restore = noted(layout, files)
    except UsageError:
        return ()
    return () if restore is None else (restore.backup,)


def remove_backups(vault: Vault, names: Iterable[str], lock: Lock) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names that are gone, and of the others why they are still there.

    Each removal asks first, and raises what `Lock.require` raises: what others share stays for who holds it.
    """
    gone: list[str] = []
    left: list[str] = []
    for name in names:
        lock.require()
        try:
            vault.remove(name)
            gone.append(name)
        except (StepFailed, UsageError, Unavailable) as error:
            left.append(f"backup {name} is not tidied away: {error}")
    return tuple(gone), tuple(left)
