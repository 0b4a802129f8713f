"""The pending migrations taken back and done once more, in a scratch database."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.live_database import DatabaseStand
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import LEDGERS, MigrationSet, Revision
from hotelctl.facts.round_trip import Returned, RoundTrip
from hotelctl.facts.schema_text import Difference, differences
from hotelctl.probes.context import Context
from hotelctl.probes.needed_extensions import needed_extensions

_MOST = 5


def round_trip(
    context: Context, known: MigrationSet, stand: DatabaseStand, place: MigrationPlace
) -> RoundTrip:
    """Each pending revision up, down, and up again; where no database lives, the newest one.

    Raises:
        NotApplicable: nothing is pending, or nothing takes migrations back.
        Unavailable: the scratch database cannot be brought to where the first of them begins.

    """
    migrations = context.configuration.spec.migrations
    if migrations is None or not migrations.down_command or place.venv is None:
        raise NotApplicable(context.configuration.names_no("migrations.down_command"))
    live = stand.live.revisions if stand.live else ()
    pending = known.above(live) if live else known.heads
    if not pending:
        raise NotApplicable("no migration is pending")
    chosen = [one for one in map(known.at, pending) if one is not None][:_MOST]
    with context.scratch.scratch("roundtrip", offering=needed_extensions(known, context)) as url:
        way = _Way(context, place, url)
        way.begin(chosen[0])
        ways: list[Returned] = []
        for revision in chosen:
            ways.append(way.there_and_back(revision))
            if ways[-1].why:
                break
    return RoundTrip(tuple(ways), tuple(pending[len(ways) :]))


class _Way:
    def __init__(self, context: Context, place: MigrationPlace, url: str) -> None:
        self._context = context
        self._place = place
        self._url = url

    def begin(self, first: Revision) -> None:
        if first.down and (why := self._up(first.down[0])):
            raise Unavailable(f"the migrations do not run up to {first.down[0]}: {why}")

    def there_and_back(self, revision: Revision) -> Returned:
        id_, path = revision.id, revision.path
        before = self._schema()
        if why := self._up(id_):
            return Returned(id_, path, at="up", why=why)
        there = self._schema()
        if why := self._down(revision.down[0] if revision.down else None):
            return Returned(id_, path, at="down", why=why)
        left = self._differences(before, self._schema())
        if why := self._up(id_):
            return Returned(id_, path, left, at="up again", why=why)
        return Returned(id_, path, left, self._differences(there, self._schema()))

    def _schema(self) -> str:
        return self._context.databases.schema(self._url)

    def _up(self, revision: str) -> str:
        place = self._place
        env = self._context.release_env
        venv = place.venv or self._context.workspace
        done = self._context.work.migrate(venv, place.source, self._url, env, revision)
        return "" if done.ok else done.why or "it failed without a word"

    def _down(self, revision: str | None) -> str:
        venv = self._place.venv or self._context.workspace
        done = self._context.work.migrate_down(venv, self._url, self._context.release_env, revision)
        return "" if done.ok else done.why or "it failed without a word"

    def _differences(self, expected: str, actual: str) -> tuple[Difference, ...]:
        """The ledger itself stays, which the first migration of all makes."""
        ledgers = (*LEDGERS.values(), self._context.work.ledger())
        tables = [ledger.table.rpartition(".")[2].strip('"') for ledger in ledgers]
        return tuple(one for one in differences(expected, actual) if not any(t in one.name for t in tables))
