"""What the schema of now answers, asked on a shadow before and after the migrations."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.implied_statements import Broken, Implied, Tried, broken, implied
from hotelctl.facts.kept_statements import NOTHING_KEPT, KeptStatements, kept_from_json
from hotelctl.facts.migration_set import is_ledger
from hotelctl.facts.replay import (
    NOT_REPLAYED,
    Replay,
    Replayed,
    StalePlan,
    answered,
    broken_replays,
    shows_rows,
    stale_plans,
)
from hotelctl.facts.tracer import Prepared, Watched
from hotelctl.probes.context import Context
from hotelctl.probes.kept_release import directory_of
from hotelctl.probes.live_statements import live_statements

_WHOLE_NAME = """
SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = pg_catalog.to_regclass(%s)
"""


@dataclass(frozen=True, slots=True)
class OldStatements:
    """What to ask of a shadow: what its tables promise, and what the serving release was heard to ask.

    `release` is that release, `rows` how many made-up ones each table has; `why` says why `kept` cannot be
    read.
    """

    rows: int
    release: str = ""
    kept: KeptStatements = NOTHING_KEPT
    why: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """How the old statements get on with the new schema."""

    broken: tuple[Broken, ...] = ()
    replayed: Replayed = NOT_REPLAYED
    stale: tuple[StalePlan, ...] = ()


NOT_ASKED = Ended()
"""Of migrations that failed, or began at an empty database."""


class Asking:
    """The statements were asked once; `afterwards` asks them once more, when the migrations have run."""

    def __init__(self, old: OldStatements, known: Catalogue, url: str, context: Context) -> None:
        """Ask what can be answered now; the shadow `url` holds what is known and has its made-up rows."""
        self._old, self._url, self._context = old, url, context
        self._implied = implied(known, old.rows, _own_ledger(context))
        self._promised = self._tried(self._implied)
        self._replays, self._unplanned = answered(old.kept.statements, self._tried)
        replayed = (one.kept.sql for one, _ in self._replays if shows_rows(one.kept.sql))
        both = zip(self._implied, self._promised, strict=True)
        promised = (one.sql for one, end in both if not end.sqlstate and one.does == "SELECT")
        self.said = tuple(dict.fromkeys((*replayed, *promised)))
        """What a session can prepare, for it is understood now, and would be refused by a stale plan."""

    def afterwards(self, session: Prepared) -> Ended:
        """What ends otherwise now, and what the session that was open all the time cannot run any more."""
        asked = [one for one, _ in self._replays]
        replayed = broken_replays(self._replays, self._tried(asked))
        said = tuple(one.kept.sql for one in asked)
        old, why = self._old, self._old.why or self._unplanned
        # Whoever only plans is in nobody's way.
        ends, stale = self._context.abreast.both(
            lambda: self._tried(self._implied), lambda: self._stale(session)
        )
        return Ended(
            broken(self._implied, self._promised, ends),
            Replayed(old.release, said, replayed, why, of_owner=old.kept.of_owner),
            stale,
        )

    def _stale(self, session: Prepared) -> tuple[StalePlan, ...]:
        try:
            return stale_plans(self.said, session.first, session.again())
        except Unavailable:
            # Who ends all sessions leaves none with an old plan.
            return ()

    def _tried(self, asked: Sequence[Implied | Replay]) -> tuple[Tried, ...]:
        return self._context.tracer.tried(self._url, asked, _role_of(self._context)) if asked else ()


@contextmanager
def asked_before(
    old: OldStatements, way: Watched, url: str, context: Context
) -> Iterator[tuple[Asking, Prepared]]:
    """The statements were asked on the shadow `url`, and a session that prepared them stays open."""
    asking = Asking(old, way.before, url, context)
    with context.tracer.prepared(url, asking.said, _role_of(context)) as session:
        yield asking, session


def old_statements(rows: int, context: Context) -> OldStatements:
    """Those that are kept with the release that serves, and those that its role asks live.

    None where nothing serves, or none are kept and the server counts none.
    """
    try:
        release = context.release().release_id
    except (NotApplicable, Unavailable):
        return OldStatements(rows)
    role = _role_of(context)
    live = live_statements(role, context) if role else ()
    path = directory_of(release, context) / "statements.json"
    try:
        kept = kept_from_json(context.files.read(path)) if context.files.exists(path) else NOTHING_KEPT
    except ValueError as error:
        why = f"what the tests of release {release} asked cannot be read: {error}"
        return OldStatements(rows, release, KeptStatements(live), why)
    asked, known = ({one.sql for one in some} for some in (live, kept.statements))
    heard = (replace(one, live=one.sql in asked) for one in kept.statements)
    more = (one for one in live if one.sql not in known)
    return OldStatements(rows, release, replace(kept, statements=(*heard, *more)))


def _own_ledger(context: Context) -> str:
    """The table in which the migrations are noted, with the schema where the live database has it.

    A table of the same name elsewhere is the service's own.
    """
    table = context.work.ledger().table
    if not table or is_ledger(table):
        return table
    found = context.databases.query(context.database(), _WHOLE_NAME, (table,)).values
    return str(found[0][0]) if found else table


def _role_of(context: Context) -> str | None:
    """The service's own role at run time; None where it enters as the owner."""
    database = context.configuration.spec.database
    return database.runtime_role if database else None
