"""`backup restore`: into a new database, and by `--swap` into the place of the one that is used."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Any

from hotelctl.adapters.postgres_exchange import MAINTENANCE, PostgresExchange
from hotelctl.adapters.postgres_url import Address, writing
from hotelctl.cli._backing import Backing, Manner, backing
from hotelctl.cli._backups import found, proved, taken
from hotelctl.cli._faults import fault
from hotelctl.cli._loss import Loss, measured
from hotelctl.cli._wiring import Asked, configure, layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.config.release_env import database_identity
from hotelctl.core.errors import (
    Diverged,
    HotelctlError,
    Interrupted,
    Locked,
    StepFailed,
    Unavailable,
    UsageError,
)
from hotelctl.core.holder import SETTLING
from hotelctl.core.units import size, thousands
from hotelctl.deploy.backup import Backup, unlike
from hotelctl.deploy.interrupted_restore import InterruptedRestore, Standing, ended, note, noted
from hotelctl.render.facts import Rows

_NAME_BYTES = 63
_BESIDE = "without --swap it is restored beside the database that is used"
Show = Callable[[Rows], None]
"""Puts the loss before people, or programs."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The backup `name`, into the place of the database with `swap`, where `accept` rows may be lost."""

    name: str
    accept: int | None
    swap: bool


@dataclass(slots=True)
class Restore:
    """One restore under way. `around` is called at each point at which a test may kill it.

    `wal_bytes` is how much the server's log grew since the backup, None where that is not known.
    """

    one: Backing
    exchange: PostgresExchange
    around: Callable[[int, bool], None] | None
    point: int = 0
    wal_bytes: int | None = None

    @contextmanager
    def act(self) -> Iterator[None]:
        """One act that a kill may come before or after. Raises `Locked` where another one took over."""
        self.point += 1
        self.one.held.lock.require()
        if self.around:
            self.around(self.point, False)
        yield
        if self.around:
            self.around(self.point, True)

    def note(self, said: InterruptedRestore) -> None:
        """What is in hand is written down."""
        with self.act():
            note(said, self.one.wiring.layout, self.one.wiring.ports.files)

    def ended(self) -> None:
        """Nothing is in hand any more."""
        with self.act():
            ended(self.one.wiring.layout, self.one.wiring.ports.files)


def restore(asked: Asked, manner: Manner, wish: Wish, show: Show) -> Rows:
    """What was restored, and into which database; `show` is given the loss when that is not accepted.

    Raises:
        UsageError: there is no such backup, or for a swap it is another's, or a deploy is open.
        Damaged: it is not what was written; nothing was changed.
        StepFailed: rows would be lost and the wish has not their number, or the server refuses.
        Diverged: an earlier restore was interrupted, and somebody changed the databases since.

    """
    if _interrupted(configure(asked)):
        # By itself, since it also lets people write again while the state database is away; a new one waits.
        with _begun(asked, manner, wish, SETTLING) as (work, made):
            done = _done(work, made, wish)
        if done is not None:
            return done
    with _begun(asked, manner, wish, "backup restore") as (work, made):
        done = _done(work, made, wish)
        if done is not None:
            return done
        # Before the copy is written, which the log grows by, too.
        work.wal_bytes = work.exchange.wal_bytes(work.one.url, made.system, made.wal)
        copy = _copied(work, made, 6 if wish.swap else 1)
        if not wish.swap:
            return _told(made, copy, None)
        return _swapped(work, made, copy, wish.accept, show)


def _interrupted(configuration: Configuration) -> bool:
    return noted(layout_of(configuration), unrecorded_files(configuration)) is not None


@contextmanager
def _begun(asked: Asked, manner: Manner, wish: Wish, kind: str) -> Iterator[tuple[Restore, Backup]]:
    """The work, with the environment held, and the backup that is wished for."""
    with backing(asked, manner, kind) as one:
        wiring, configuration = one.wiring, one.held.configuration
        around = fault(wiring.environ, configuration.environment.profile, configuration.environment_name)
        made = found(one.held.configuration, wish.name)
        if wish.swap:
            _require_own(one, made)
        yield Restore(one, PostgresExchange(wiring.ports.databases), around), made


def _done(work: Restore, made: Backup, wish: Wish) -> Rows | None:
    """What an earlier restore has done of the wish already; whatever it left is settled."""
    settled = _settled(work)
    if wish.swap and settled is not None and settled.backup == made.id:
        return _told(made, settled.live, settled.aside)
    return None


def _require_own(one: Backing, made: Backup) -> None:
    """Return when the backup is of this very database, and nothing else is under way."""
    if Address(one.url).database == MAINTENANCE:
        raise UsageError(
            f"the database {MAINTENANCE} cannot be renamed: all others are renamed from there", _BESIDE
        )
    here = database_identity(one.url)
    if made.database not in ("", here):
        theirs, ours = (" ".join(said.split()) for said in (made.database, here))
        raise UsageError(
            f"backup {made.id} was taken of {theirs}, not of {ours}",
            _BESIDE,
        )
    past = one.held.open()
    if past is not None:
        raise UsageError(
            f"{past.operation} {past.id} is not over", "hotelctl resume or hotelctl abort ends it"
        )


def _settled(work: Restore) -> InterruptedRestore | None:
    """An earlier restore that was killed after the swap; one that was killed before is taken back."""
    one = work.one
    layout, files = one.wiring.layout, one.wiring.ports.files
    left = noted(layout, files)
    if left is None:
        return None
    earlier = f"an earlier restore of {left.backup} was interrupted"
    standing = left.standing(work.exchange.numbers(one.url))
    match standing:
        case Standing.SWAPPED:
            one.observer.said(f"{earlier} after the swap: it is done")
        case Standing.CLOSED:
            one.observer.said(f"{earlier} before the swap: everybody may write again")
            work.exchange.open(Address(one.url).at(left.live).url)
        case Standing.COPYING:
            one.observer.said(f"{earlier} while {left.copy} was made: it is dropped")
            one.wiring.ports.databases.drop(one.url, left.copy)
        case Standing.UNKNOWN:
            raise Diverged(
                f"{earlier}, and {left.live} is neither the database that it was nor {left.copy}",
                f"look at the server's databases, {left.aside} may be the old one, put the names right, "
                f"then remove {layout.restore()}",
            )
    work.ended()
    return left if standing is Standing.SWAPPED else None


def _copied(work: Restore, made: Backup, total: int) -> str:
    """The name of the new database that holds the backup; one that still does is taken as it is."""
    one, databases = work.one, work.one.wiring.ports.databases
    live = Address(one.url).database
    copy = _named(live, "from", made.id)
    url = Address(one.url).at(copy).url
    with one.step(1, total, "restore", f"Restore {made.id} into {copy}") as said:
        said.append(f"{thousands(made.rows, 'row')} and the schema are equal in {copy}")
        if copy in work.exchange.numbers(one.url):
            differences = unlike(databases, made, url)
            if differences:
                raise StepFailed(
                    f"there is a database {copy} that is not what the backup holds: {'; '.join(differences)}",
                    "rename it, or drop it when nobody needs it",
                )
            return copy
        work.note(InterruptedRestore(made.id, live, copy))
        try:
            with work.act():
                databases.create(one.url, copy)
            with work.act():
                one.store(made.id).restore(databases, made, url)
        except Locked:
            # Whoever took over settles what was noted: the copy may be theirs by now.
            raise
        except HotelctlError:
            one.held.lock.turn_back()
            databases.drop(one.url, copy)
            work.ended()
            raise
        work.ended()
    return copy


def _swapped(work: Restore, made: Backup, copy: str, accept: int | None, show: Show) -> Rows:
    """The copy in the place of the database, which is kept under another name."""
    one = work.one
    live = Address(one.url).database
    loss = _measured(work, made, copy)
    _require_accepted(loss, made, accept, show)
    aside = _named(live, "before", one.held.name())
    numbers = work.exchange.numbers(one.url)
    work.note(InterruptedRestore(made.id, live, copy, aside, numbers[live], numbers[copy]))
    try:
        second = _closed(work, made, copy, loss)
        with one.step(6, 6, "swap", f"{live} becomes {aside}, {copy} becomes {live}") as said, work.act():
            work.exchange.furnish(one.url, copy)
            work.exchange.swap(one.url, copy, aside)
            said.append(f"{live} is the backup now, what it was is kept as {aside}")
    except Locked:
        # Whoever took over may have closed it for a restore of their own.
        raise
    except (HotelctlError, Unavailable):
        one.held.lock.turn_back()
        work.exchange.open(one.url)
        work.ended()
        raise
    work.ended()
    return _told(made, live, aside, second_backup=second.id, loss=loss.details())


def _closed(work: Restore, made: Backup, copy: str, accepted: Loss) -> Backup:
    """A verified backup of what will be set aside, taken while nobody writes."""
    one = work.one
    with one.step(3, 6, "close", "Let nobody write any more, and end all sessions") as said, work.act():
        work.exchange.close(one.url)
        now = _counted(work, made, copy)
        if now.lost != accepted.lost:
            raise StepFailed(
                f"rows were written meanwhile: {thousands(now.lost, 'row')} would be lost now",
                f"--accept-data-loss={now.lost} accepts that; everybody may write again",
            )
        said.append("sessions have ended, new ones only read; nothing was written meanwhile")
    writable = replace(one, url=writing(one.url))
    with work.act():
        second = taken(writable, 4, 6)
    with work.act():
        second = proved(writable, second, 5, 6)
    if second.tables != now.counts:
        raise StepFailed(
            "somebody wrote while the database was closed, by a session that says so",
            "stop what writes, then repeat; everybody may write again",
        )
    if one.held.stop():
        raise Interrupted("stopped on request before the swap; everybody may write again", "give it again")
    return second


def _measured(work: Restore, made: Backup, copy: str) -> Loss:
    with work.one.step(2, 6, "measure", "Compare what would be lost") as said:
        loss = _counted(work, made, copy)
        grown = "" if loss.wal_bytes is None else f"; the server's log grew by {size(loss.wal_bytes)}"
        said.append(f"{thousands(loss.lost, 'row')} written since would be lost{grown}")
    return loss


def _counted(work: Restore, made: Backup, copy: str) -> Loss:
    one = work.one
    beside = Address(one.url).at(copy).url
    return measured(one.wiring.ports.databases, work.exchange, made, (one.url, beside), work.wal_bytes)


def _require_accepted(loss: Loss, made: Backup, accept: int | None, show: Show) -> None:
    if accept == loss.lost or (accept is None and not loss.lost):
        return
    show(loss.rows_of(made))
    given = "" if accept is None else f", and --accept-data-loss says {accept}"
    raise StepFailed(
        f"{thousands(loss.lost, 'row')} written since the backup would be lost{given}; nothing was changed",
        f"--accept-data-loss={loss.lost} accepts that; they stay in the database that is set aside",
    )


def _named(live: str, word: str, operation: str) -> str:
    """A name that the time of `operation` makes its own, within what PostgreSQL keeps of a name."""
    end = f"_{word}_{operation.partition('Z')[0].replace('T', '_')}".lower()
    return live.encode()[: _NAME_BYTES - len(end)].decode(errors="ignore") + end


def _told(made: Backup, database: str, aside: str | None, **more: Any) -> Rows:  # noqa: ANN401 - JSON values
    raw = {"backup": made.id, "database": database, "set_aside": aside, "rows": made.rows, **more}
    shown = {
        "restored": made.id,
        "database": database,
        "rows": f"{made.rows:,}",
        **({"set aside": aside} if aside else {}),
        **({"second backup": more["second_backup"]} if "second_backup" in more else {}),
    }
    return Rows([{"what": key, "value": value} for key, value in shown.items()], raw)
