"""PostgreSQL servers by URL: questions, changes, databases, dumps."""

import hashlib
import json
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import (
    complaint,
    connected,
    cut_short,
    detail,
    limit,
    lost,
    waited_for_lock,
)
from hotelctl.adapters.postgres_counts import begin_snapshot, count_tables
from hotelctl.adapters.postgres_create import create_statement
from hotelctl.adapters.postgres_dump import ClientTools
from hotelctl.adapters.postgres_migrating import migrating
from hotelctl.adapters.postgres_tools import for_server
from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.postgres_watch import watched
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.core.dumped import Checksum, Dumped, Packing, TableCount
from hotelctl.core.errors import HotelctlError, StepFailed, Unavailable, WaitedForLock
from hotelctl.core.moving import Watcher
from hotelctl.core.ports import Clock, EvidenceLog, Processes, Rows

if TYPE_CHECKING:
    from psycopg import Connection

_MAINTENANCE = "postgres"
_ANY = Packing()
_EXISTS_ALREADY = ("42P04", "23505")
_SHOWN_ROWS = 20
# A dump of two hundred tables has a quarter of it.
_TOLD_LETTERS = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a question, a change, and work on a whole database may take; how many rows come back."""

    query_s: float = 30.0
    execute_s: float = 1800.0
    whole_s: float = 3600.0
    rows: int = 100_000


class PostgresDatabases:
    """Each call opens its own connection, records itself, and has its limit."""

    def __init__(
        self,
        processes: Processes,
        evidence: EvidenceLog,
        clock: Clock,
        limits: Limits | None = None,
        reach: Reach = ANYWHERE,
        packing: Packing = _ANY,
    ) -> None:
        """Keep the ports; no server is asked."""
        self._processes = processes
        self._evidence = evidence
        self._clock = clock
        self._limits = limits or Limits()
        self._reach = reach
        self._allowed: Callable[[], None] = lambda: None
        self._packing = packing

    def query(self, url: str, sql: str, params: Sequence[Any] = ()) -> Rows:
        """The rows, up to the limit, from a read-only transaction.

        Raises:
            Unavailable: no server, no log-in, or the server refuses the query.

        """
        address = Address(url)
        with self._recorded("query", address, {"statement": _told(sql), "params": len(params)}) as note:
            with self._transaction(address, self._limits.query_s, Unavailable, read_only=True) as connection:
                cursor = connection.execute(sql.encode(), params or None)
                columns = tuple(column.name for column in cursor.description or ())
                values = tuple(cursor.fetchmany(self._limits.rows)) if columns else ()
            note.data["rows"] = len(values)
            note.output = _excerpt(columns, values)
        return Rows(columns, values, note.id)

    def only_while(self, allowed: Callable[[], None]) -> None:
        """From now on `allowed` is asked before each statement that changes data; it raises to refuse."""
        self._allowed = allowed

    def execute(self, url: str, sql: str, params: Sequence[Any] = ()) -> None:
        """All statements are done, or none.

        Raises:
            StepFailed: the server refuses one; its words.
            Unavailable: no server, or no log-in.

        """
        address = Address(url)
        with (
            self._recorded("execute", address, {"statement": _told(sql), "params": len(params)}),
            self._transaction(address, self._limits.execute_s, StepFailed) as connection,
        ):
            self._allowed()
            connection.execute(sql.encode(), params or None)

    def execute_each(self, url: str, statements: Sequence[str]) -> None:
        """Each statement is its own transaction, as those want that build concurrently.

        Raises:
            StepFailed: the server refuses one; its words. What came before stays.
            Unavailable: no server, or no log-in.

        """
        address, limit_s = Address(url), self._limits.execute_s
        with (
            self._recorded("execute_each", address, {"statements": list(map(_told, statements))}),
            _refusals(address, limit_s, StepFailed),
            connected(address.url, autocommit=True) as connection,
        ):
            limit(connection, limit_s, of="session")
            for one in statements:
                self._allowed()
                connection.execute(one.encode())

    def allow_login(self, url: str, role: str, password: str) -> None:
        """`role` may log in with `password`, of which only the SCRAM verifier is sent.

        Raises:
            StepFailed: there is no such role, or this one may not change it.

        """
        from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

        address = Address(url)
        with (
            self._recorded("allow_login", address, {"role": role}),
            self._transaction(address, self._limits.query_s, StepFailed) as connection,
        ):
            given = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
            statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(given.decode())))

    def create(self, url: str, name: str) -> str:
        """The URL of database `name`, empty when it is new, with the encoding and locale of `url`'s."""
        address = Address(url)
        with self._recorded("create", address, {"name": name}), self._alone(address) as connection:
            from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

            try:
                connection.execute(create_statement(connection, name))
            except Error as error:
                if error.sqlstate not in _EXISTS_ALREADY:
                    raise
        return address.at(name).url

    def drop(self, url: str, name: str) -> None:
        """The database and its connections are gone."""
        from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

        address = Address(url)
        beside = address.at(_MAINTENANCE) if address.database == name else address
        with self._recorded("drop", address, {"name": name}), self._alone(beside) as connection:
            statement = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
            connection.execute(statement.format(sql.Identifier(name)))

    def schema(self, url: str, *, owners: bool = False) -> str:
        """The schema as text, the same for the same schema. Raises `Unavailable`."""
        address = Address(url)
        with self._recorded("schema", address, {"owners": owners}):
            return self._tools(address).schema(address, owners=owners)

    def dump(self, url: str, destination: Path, watcher: Watcher | None = None) -> Dumped:
        """A directory-format dump, and counts and schema of its snapshot; whole or not there.

        Raises:
            StepFailed: the server or the disk refuses.
            Unavailable: no server, no log-in, no fitting pg_dump.

        """
        address = Address(url)
        with self._recorded("dump", address, {"destination": str(destination)}) as note:
            tools = self._tools(address)
            with self._alone(address) as connection:
                dumped = tools.dump(address, connection, destination, watcher, self._packing)
            note.output = _counts_text(dumped.tables)
        return dumped

    def restore(
        self,
        source: Path,
        url: str,
        watcher: Watcher | None = None,
        only: Collection[str] | None = None,
    ) -> None:
        """The dump is in the empty database `url`. Raises `StepFailed` with the server's words.

        Of rows `only` those of these tables, where it is given.
        """
        address = Address(url)
        with self._recorded("restore", address, {"source": str(source)}), watched(address, watcher):
            self._tools(address).restore(source, address, only)

    def migrating(self, url: str, watcher: Watcher) -> AbstractContextManager[None]:
        """Tells the watcher how far a migration in the `with` block is, and who keeps it waiting."""
        return migrating(Address(url), watcher)

    def counts(
        self, url: str, watcher: Watcher | None = None, checksum: Checksum = Checksum.COLUMNS
    ) -> Mapping[str, TableCount]:
        """Rows and checksums of every table, in one snapshot. Raises `StepFailed` where rows are hidden."""
        address = Address(url)
        with self._recorded("counts", address, {}) as note:
            with self._alone(address) as connection:
                begin_snapshot(connection, self._limits.whole_s)
                counts = count_tables(connection, watcher, checksum)
            note.output = _counts_text(counts)
        return counts

    def _tools(self, address: Address) -> ClientTools:
        with connected(address.url) as connection:
            major = connection.info.server_version // 10_000
        return ClientTools(self._processes, for_server(major), self._limits.whole_s)

    @contextmanager
    def _transaction(
        self,
        address: Address,
        limit_s: float,
        refusal: type[StepFailed | Unavailable],
        *,
        read_only: bool = False,
    ) -> "Iterator[Connection[tuple[Any, ...]]]":
        with _refusals(address, limit_s, refusal), connected(address.url) as connection:
            connection.read_only = read_only
            limit(connection, limit_s, of="transaction")
            yield connection

    @contextmanager
    def _alone(self, address: Address) -> "Iterator[Connection[tuple[Any, ...]]]":
        """Statements outside a transaction, or in one that they begin themselves."""
        limit_s = self._limits.whole_s
        with _refusals(address, limit_s, StepFailed), connected(address.url, autocommit=True) as connection:
            limit(connection, limit_s, of="session")
            yield connection

    @contextmanager
    def _recorded(self, operation: str, address: Address, data: Mapping[str, Any]) -> "Iterator[_Note]":
        """One evidence record, also of what failed."""
        note = _Note({"operation": operation, "target": address.target(), **data})
        started_at, started = self._clock.now(), self._clock.monotonic()
        try:
            self._reach.require(address.host)
            yield note
        except (HotelctlError, Unavailable) as error:
            note.data["error"] = str(error)
            raise
        finally:
            took_s = self._clock.monotonic() - started
            times = {"started_at": started_at.isoformat(), "duration_ms": round(took_s * 1000)}
            note.id = self._evidence.record("postgres", {**note.data, **times}, note.output)


@dataclass(slots=True)
class _Note:
    data: dict[str, Any]
    output: str | None = None
    id: str = ""


@contextmanager
def _refusals(address: Address, limit_s: float, refusal: type[StepFailed | Unavailable]) -> Iterator[None]:
    """The server's refusals inside the block as `refusal`; a lost connection is always `Unavailable`."""
    from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

    try:
        yield
    except Error as error:
        said = complaint(error, address)
        if waited_for_lock(error):
            said = f"{said}: another session holds the lock (pg_stat_activity shows it)"
        elif cut_short(error):
            said = f"{said}, limit {limit_s:g} s"
        if refusal is StepFailed and not lost(error):
            kind = WaitedForLock if waited_for_lock(error) else StepFailed
            raise kind(said, detail(error)) from error
        raise Unavailable(said) from error


def _told(sql: str) -> str:
    """What the record says of a statement: all, or of one that fills a book its begin and its digest."""
    if len(sql) <= _TOLD_LETTERS:
        return sql
    digest = hashlib.sha256(sql.encode()).hexdigest()
    # Cut between lines: half a secret would not be known for one.
    begin = sql[:_TOLD_LETTERS].rpartition("\n")[0]
    return f"{begin}\n... of {len(sql)} characters, sha256 {digest}"


def _excerpt(columns: Sequence[str], values: Sequence[Sequence[Any]]) -> str:
    rows = [dict(zip(columns, row, strict=True)) for row in values[:_SHOWN_ROWS]]
    return "".join(json.dumps(row, default=str, ensure_ascii=False) + "\n" for row in rows)


def _counts_text(counts: Mapping[str, TableCount]) -> str:
    return json.dumps({name: asdict(one) for name, one in counts.items()}, indent=1)
