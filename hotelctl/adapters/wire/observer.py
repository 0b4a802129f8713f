"""What a second session sees of a watched one: its locks, and who really has to wait for them."""

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.adapters.wire.questions import COUNTED, HAND_IN, LOCKS, PLAIN_CATALOGUE, SEQUENCES, WAITS
from hotelctl.facts.catalogue import TABLE_KINDS, Catalogue, CatalogueReader
from hotelctl.facts.lock_mode import LockMode, lock_mode
from hotelctl.facts.sample_rows import sample_rows

if TYPE_CHECKING:
    from psycopg import Connection

# The watched session stands still: a lock that is not free at once is not free later, either.
_PATIENCE = "SET lock_timeout = '1ms'"
_COUNT = "SELECT {}::int8, count(*) FROM {}"
_READ = "SELECT 1 FROM {} LIMIT 1"
_GO_ON = "SELECT pg_catalog.setval({}::regclass, {})"
_WRITE = "LOCK TABLE {} IN ROW EXCLUSIVE MODE"


# Each way to the server takes as long as a small table.
_TOGETHER = 100


class Observer:
    """Sessions beside the watched one: one asks, one tries to get through, one stands in the way."""

    def __init__(self, url: str, stack: ExitStack) -> None:
        """They are open until `stack` ends. Raises `Unavailable`."""
        self._asking: Connection[Any] = stack.enter_context(connected(url, autocommit=True))
        self._trying: Connection[Any] = stack.enter_context(connected(url, autocommit=True))
        self._standing: Connection[Any] = stack.enter_context(connected(url, autocommit=True))
        self._trying.execute(_PATIENCE)
        self._guard = threading.Lock()
        self.read = CatalogueReader().read

    def catalogue(self) -> Catalogue:
        """What is committed now."""
        found = self._asking.execute(PLAIN_CATALOGUE.encode())
        found.nextset()
        row = found.fetchone()
        if row is None:
            raise LookupError("the catalogue question has no answer")
        return self.read(row[0])

    def locks(self, process: int, *, waited_for: bool = False) -> Mapping[int, LockMode]:
        """The strongest mode by relation that the server's process has, or also what it is `waited_for`."""
        found: dict[int, LockMode] = {}
        for relation, name, granted in self._asking.execute(LOCKS, (process,)).fetchall():
            if granted or waited_for:
                found[relation] = max(found.get(relation, LockMode.ACCESS_SHARE), lock_mode(name))
        return found

    def blocked(self, known: Catalogue, tables: Iterable[int]) -> Mapping[int, tuple[str, ...]]:
        """In which of these tables a reader or a writer has to wait just now."""
        with self._guard:
            tried = {number: tuple(self._waiting(known.name(number))) for number in tables}
        return {number: words for number, words in tried.items() if words}

    def fill(
        self, known: Catalogue, number: int, many: Mapping[str, int], *, plain: bool = False
    ) -> Mapping[int, int]:
        """How many rows each table has; those that had none were given made-up ones, where they could be."""
        there = self._counts(known)
        empty = [
            statement
            for table, statement in sample_rows(known, number, many, plain=plain)
            if not there.get(table)
        ]
        self._asking.execute("SET session_replication_role = replica")
        self._each(empty, together=1 if many else _TOGETHER)
        self._asking.execute("RESET session_replication_role")
        counts = self._counts(known)
        # Made-up rows have their numbers by themselves; the next row gets one that is free.
        self._each(
            [
                _GO_ON.format(sequence, max(counts.get(table, 0), 1))
                for sequence, table in self._asking.execute(SEQUENCES).fetchall()
            ],
            together=_TOGETHER,
        )
        return counts

    def _counts(self, known: Catalogue) -> Mapping[int, int]:
        """The rows of each table."""
        each = [_COUNT.format(table, known.name(table)) for table in known.tables]
        asked = (self._asking.execute(" UNION ALL ".join(some).encode()) for some in _some(each, _TOGETHER))
        return {table: int(rows) for found in asked for table, rows in found.fetchall()}

    def _each(self, statements: Sequence[str], *, together: int) -> None:
        """Whatever of them can be done is done: some at once, or one by one where not all of those can be."""
        from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

        for some in _some(statements, together):
            try:
                self._asking.execute(";".join(some).encode())
            except Error:
                for one in some if len(some) > 1 else ():
                    with suppress(Error):
                        self._asking.execute(one.encode())

    def counted(self) -> Sequence[tuple[int, ...]]:
        """Table, and the parts of `Rows` of it, by all sessions that handed theirs in."""
        for own in (self._asking, self._trying):
            own.execute(HAND_IN)
        return self._asking.execute(COUNTED).fetchall()

    def waits(self, process: int) -> bool:
        """Whether the server's process waits for a lock."""
        row = self._asking.execute(WAITS, (process,)).fetchone()
        return bool(row and row[0])

    def break_off(self, process: int) -> None:
        """The statement that the server's process runs is cancelled (57014)."""
        self._asking.execute("SELECT pg_catalog.pg_cancel_backend(%s)", (process,))

    @contextmanager
    def in_the_way(self, known: Catalogue) -> Iterator["_Obstacle"]:
        """A transaction is open that writes to every table, so that whoever needs more has to wait for it."""
        self._standing.execute("BEGIN")
        names = [one.name for one in known.relations.values() if one.kind in TABLE_KINDS]
        if names:
            self._standing.execute(_WRITE.format(", ".join(names)).encode())
        obstacle = _Obstacle(self._standing)
        try:
            yield obstacle
        finally:
            obstacle.leave()

    def _waiting(self, table: str) -> Iterator[str]:
        """Where a reader has to wait, a writer has to, too."""
        if self._waits(_READ.format(table)):
            yield from ("reads", "writes")
        elif self._waits(_WRITE.format(table)):
            yield "writes"

    def _waits(self, statement: str) -> bool:
        from psycopg import Error  # noqa: PLC0415 - the driver loads libpq
        from psycopg.errors import LockNotAvailable  # noqa: PLC0415 - same

        try:
            with self._trying.transaction():
                self._trying.execute(statement.encode())
        except LockNotAvailable:
            return True
        except Error:
            # It is not there for others yet, or refuses them for a reason of its own.
            return False
        return False


def _some(all_of_them: Sequence[str], number: int) -> Iterator[Sequence[str]]:
    return (all_of_them[first : first + number] for first in range(0, len(all_of_them), number))


class _Obstacle:
    """The open transaction of `in_the_way`."""

    def __init__(self, connection: "Connection[Any]") -> None:
        self._connection = connection
        self._there = True

    def leave(self) -> None:
        """Nobody waits for it any longer."""
        if self._there:
            self._there = False
            self._connection.execute("ROLLBACK")
