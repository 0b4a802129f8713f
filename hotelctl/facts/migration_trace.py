"""What each statement of a migration did while it was watched on a shadow database."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from hotelctl.facts.catalogue import Catalogue
from hotelctl.facts.lock_mode import LockMode

# How a migration says of itself that it is done: Alembic's words, and those of `adapters.sql_migrations`.
# Alembic's table may have another name, but its column has not, and nothing else is written with it.
_LEDGER = re.compile(
    r"""^(?:(?:UPDATE|INSERT\s+INTO)\s+(?:\w+\.)?(?:alembic_version|schema_migrations)\b[^']*
    |UPDATE\s+(?:[\w.]|"[^"]*")+\s+SET\s+version_num\s*=\s*
      (?='[^']+'\s+WHERE\s+(?:[\w.]|"[^"]*")*\bversion_num\s*=\s*'[^']+'\s*;?$)
    |INSERT\s+INTO\s+(?:[\w.]|"[^"]*")+\s*\(version_num\)\s+VALUES\s*\(\s*
      (?='[^']+'\s*\)(?:\s+RETURNING\s[^;]*)?\s*;?$))'([^']+)'""",
    re.IGNORECASE | re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class SqlError:
    """The server's refusal of a statement."""

    sqlstate: str
    message: str


@dataclass(frozen=True, slots=True)
class Rows:
    """What one statement read and changed in one table: rows read one after the other, and rows written.

    `scans` counts how often it began at the first row, also of an empty table; `looked_up` how often an index
    was asked, which is known of routines that end their transactions alone.
    """

    scans: int = 0
    read: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    looked_up: int = 0

    @property
    def words(self) -> str:
        """What was done, for people; what was not is left out."""
        counts = {"inserted": self.inserted, "updated": self.updated, "deleted": self.deleted}
        done = [f"{self.read} rows read from the first on"] if self.scans else []
        return ", ".join([*done, *(f"{number} {word}" for word, number in counts.items() if number)])


@dataclass(frozen=True, slots=True)
class Traced:
    """One statement. Relations are numbers (oid).

    `transaction` numbers the transactions of the run; one that the statement alone is in counts too.
    `locks` are the strongest on relations that others can know, held when the statement had ended.
    `blocked` names tables in which somebody else's `reads` or `writes` really had to wait then.
    `lock_timeout_ms` is what held while it ran, 0 for none. `after` is the catalogue behind it, None where
    it cannot be asked, as after an error. `wal_bytes` is what the server wrote ahead meanwhile. Of so many
    as say `together` this is the first, and what they did is the sum: they differ in their values alone.
    """

    sql: str
    transaction: int
    duration_ms: float
    lock_timeout_ms: int = 0
    alone: bool = False
    locks: Mapping[int, LockMode] = field(default_factory=lambda: MappingProxyType({}))
    blocked: Mapping[int, tuple[str, ...]] = field(default_factory=lambda: MappingProxyType({}))
    rows: Mapping[int, Rows] = field(default_factory=lambda: MappingProxyType({}))
    after: Catalogue | None = None
    error: SqlError | None = None
    wal_bytes: int = 0
    together: int = 1


@dataclass(frozen=True, slots=True)
class Trace:
    """Statements one after the other, and what others knew before the first of them.

    `row_counts` are those of the tables of `before`.
    """

    before: Catalogue
    statements: tuple[Traced, ...]
    row_counts: Mapping[int, int] = field(default_factory=lambda: MappingProxyType({}))


def renamed(traces: Iterable[Trace], database: str, name: str) -> tuple[Trace, ...]:
    """The same where refusals name the throw-away `database` as the one that it stands for."""
    return tuple(
        replace(trace, statements=tuple(_renamed(one, database, name) for one in trace.statements))
        for trace in traces
    )


def _renamed(one: Traced, database: str, name: str) -> Traced:
    if one.error is None or database not in one.error.message:
        return one
    return replace(one, error=replace(one.error, message=one.error.message.replace(database, name)))


def noted_revision(sql: str) -> str:
    """The revision that a statement notes in the ledger; empty for any other statement."""
    hit = _LEDGER.match(sql.strip())
    return hit[1] if hit else ""


def shown(traces: Iterable[Trace]) -> str:
    """The statements one below the other, each with its locks and what it read and changed, for people."""
    return "".join(line for trace in traces for line in _lines(trace))


def _lines(trace: Trace) -> Iterator[str]:
    for one in trace.statements:
        yield f"[{one.transaction}] {' '.join(one.sql.split())} ({one.duration_ms:.1f} ms)\n"
        for relation, mode in one.locks.items():
            waiting = " and ".join(one.blocked.get(relation, ()))
            yield f"    {mode.words} on {trace.before.name(relation)}{waiting and f': {waiting} waited'}\n"
        for table, rows in one.rows.items():
            if table in trace.before.relations:
                yield f"    {trace.before.name(table)}: {rows.words}\n"
        if one.error is not None:
            yield f"    {one.error.sqlstate} {one.error.message}\n"
