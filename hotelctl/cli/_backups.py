"""`backup create` and `backup verify`: a dump, and the proof that it restores."""

from contextlib import suppress

from hotelctl.adapters.clock import SystemClock
from hotelctl.cli._backing import Backing, Manner, backing, told
from hotelctl.cli._stock import stock_of
from hotelctl.cli._wiring import Asked
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Damaged, HotelctlError, StepFailed, Unavailable, Unverified, UsageError
from hotelctl.core.units import size, thousands
from hotelctl.deploy.backup import Backup
from hotelctl.deploy.naming import later_than
from hotelctl.render.facts import Rows

_STEPS = 2


def create(asked: Asked, manner: Manner) -> Rows:
    """The new backup, verified.

    Raises:
        StepFailed: the server or the disk refuses, or it does not restore to what it was: nothing is kept.
        Unverified: it is there, and could not be restored on trial.
        Interrupted: it is there, and not yet verified.

    """
    with backing(asked, manner, "backup create") as one:
        made = taken(one, 1, _STEPS)
        one.require_going_on(
            f"backup {made.id} is taken and not verified", f"hotelctl backup verify {made.id}"
        )
        try:
            proven = proved(one, made, 2, _STEPS)
        except Damaged:
            one.store(made.id).delete()
            raise
    return told(proven)


def verify(asked: Asked, manner: Manner, name: str | None) -> Rows:
    """The backup `name`, else the newest, restored on trial now.

    Raises:
        UsageError: there is no such backup.
        Damaged: it is not what was written.
        Unverified: it could not be restored on trial.

    """
    with backing(asked, manner, "backup verify") as one:
        made = found(one.held.configuration, name)
        proven = proved(one, made, 1, 1)
    return told(proven)


def found(configuration: Configuration, name: str | None) -> Backup:
    """The finished backup called `name`, else the newest.

    Raises:
        UsageError: there is none.
        Damaged: its manifest cannot be read.

    """
    items = stock_of(configuration)
    whole = [item.backup for item in items if item.backup is not None]
    chosen = next((item for item in items if item.name == name), None)
    if chosen is None and name is None and whole:
        return whole[-1]
    if chosen is None:
        newest = ", ".join(one.id for one in whole[:-4:-1])
        hint = f"the newest: {newest}" if whole else "hotelctl backup create makes one"
        raise UsageError(f"there is no backup {name or ''}".rstrip(), hint)
    if chosen.backup is None:
        raise Damaged(
            f"backup {chosen.name}: {chosen.why}", "hotelctl backup list names those that are whole"
        )
    return chosen.backup


def taken(one: Backing, n: int, total: int) -> Backup:
    """A finished backup of the database as it is now. Raises `StepFailed`; then nothing is left of it."""
    ports, layout = one.wiring.ports, one.wiring.layout
    names = (*ports.vault.names(), *(place.name for place in (layout.state / "deploys").glob("*")))
    name = later_than(names, SystemClock().now(), one.held.tree.commit)
    store = one.store(name)

    with one.step(n, total, "dump", "Dump the database") as said:
        try:
            made = store.take(ports.databases, one.url, *_revision(one), manual=True)
        except HotelctlError:
            with suppress(StepFailed):
                store.delete()
            raise
        holds = f"{thousands(made.rows, 'row')} of {thousands(len(made.tables), 'table')}"
        said.append(f"{holds}, {size(made.size_bytes)}")
    return made


def _revision(one: Backing) -> tuple[str | None, str]:
    """Where the migrations of the database are, and why that is not known: a backup is whole without it."""
    try:
        return one.wiring.ports.work.current_revision(one.url), ""
    except Unavailable as trouble:
        return None, trouble.reason


def proved(one: Backing, made: Backup, n: int, total: int) -> Backup:
    """The backup after its trial restore. Raises `Damaged`, and `Unverified` where nobody can tell."""
    ports = one.wiring.ports
    try:
        with one.step(n, total, "verify", "Restore it on trial and compare") as said:
            with one.scratch.scratch("verify") as scratch:
                proven = one.store(made.id).prove(ports.databases, made, scratch)
            said.append(f"restored, {thousands(proven.rows, 'row')} and the schema are equal")
    except Damaged:
        raise
    except HotelctlError as error:
        why = f"backup {made.id} could not be restored on trial: {error.message}"
        raise Unverified(why, error.hint) from error
    return proven
