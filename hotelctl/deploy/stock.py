"""The backups that an environment keeps, and which of them may go."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from hotelctl.core.errors import UsageError
from hotelctl.core.moving import Watcher
from hotelctl.core.ports import Clock, Files
from hotelctl.core.vault import Vault
from hotelctl.deploy.backup import Backup, BackupStore
from hotelctl.deploy.naming import is_operation
from hotelctl.deploy.operation import Operation

_TOLD_EVERY_S = 5.0


class State(StrEnum):
    """What a directory below `backups/` holds."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    DAMAGED = "damaged"
    UNFINISHED = "unfinished"
    SPOILT = "spoilt"
    FOREIGN = "foreign"


@dataclass(frozen=True, slots=True)
class Item:
    """One directory; `backup` is None where no finished one is in it, and `why` says what is wrong.

    A `damaged` one is known by its size alone; only `verify` reads all of it.
    """

    name: str
    state: State
    backup: Backup | None = None
    why: str = ""


@dataclass(frozen=True, slots=True)
class Leaving:
    """A backup that may go, and why."""

    name: str
    why: str


def own_store(operation: Operation) -> BackupStore:
    """The backup of an operation, which tells its observer how far it is."""
    world = operation.world
    return BackupStore(operation.id, world.vault, world.files, world.clock, told_by(operation), world.sealing)


def told_by(operation: Operation) -> Watcher:
    """Tells the operation's observer how far long work is."""
    return Watcher(operation.observer.said, _TOLD_EVERY_S)


def stock(vault: Vault, files: Files, clock: Clock) -> tuple[Item, ...]:
    """All of them, oldest first, since a name begins with its time."""
    return tuple(_item(name, vault, files, clock) for name in vault.names())


def of_deploys(items: Iterable[Item]) -> tuple[str, ...]:
    """The finished ones that a deploy may have taken."""
    return tuple(item.name for item in items if item.backup is not None and item.backup.of_deploy)


def _item(name: str, vault: Vault, files: Files, clock: Clock) -> Item:
    try:
        found = BackupStore(name, vault, files, clock).read()
    except UsageError as error:
        return Item(name, State.SPOILT, why=error.message)
    if found is None:
        own = is_operation(name)
        why = "its manifest was never written" if own else "no backup: hotelctl did not write it"
        return Item(name, State.UNFINISHED if own else State.FOREIGN, why=why)
    if found.id != name:
        return Item(name, State.FOREIGN, why=f"a copy of {found.id}: only under its own name is it a backup")
    size = vault.dump_bytes(name)
    if size != found.size_bytes:
        return Item(name, State.DAMAGED, found, f"its dump has {size} of {found.size_bytes} bytes")
    return Item(name, State.VERIFIED if found.verified_at else State.UNVERIFIED, found)


def leaving(
    items: Sequence[Item], keep: int, before: datetime | None, named: Iterable[str]
) -> tuple[Leaving, ...]:
    """Finished ones beyond the newest `keep` or taken before `before`, and unfinished ones; oldest first.

    The newest verified one stays always, and so does each in `named`. What cannot be read stays, too.
    """
    whole = [item for item in items if item.backup is not None]
    newest = [item.name for item in whole if item.state is State.VERIFIED][-1:]
    stay = {*named, *newest}
    surplus = {item.name for item in whole[: max(len(whole) - keep, 0)]}

    def why(item: Item) -> str:
        if item.state is State.UNFINISHED:
            return "never finished"
        if item.name in surplus:
            return f"older than the newest {keep}"
        if item.backup and before and datetime.fromisoformat(item.backup.created_at) < before:
            return f"taken before {before:%Y-%m-%d %H:%M} UTC"
        return ""

    return tuple(Leaving(item.name, why(item)) for item in items if item.name not in stay and why(item))
