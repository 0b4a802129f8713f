"""Writing and reading the shared history. It is made from journals and reports: losing it loses nothing."""

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Engine,
    NullPool,
    Table,
    create_engine,
    delete,
    event,
    func,
    insert,
    select,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from hotelctl.adapters.chronicle.revising import lost, require_known, revise, revision
from hotelctl.adapters.chronicle.tables import HEAD, Tables, tables
from hotelctl.adapters.postgres_connect import connect, limit
from hotelctl.adapters.postgres_url import Address
from hotelctl.core.chronicle import Approval, Chapter, Deployment
from hotelctl.core.errors import Unavailable

_AGAIN = "writes it again from its journals"
_ANEW = f"it was made anew from the journals here; each other machine {_AGAIN} with its next operation"
_LIMIT_S = 10.0
_SQLITE = "sqlite:///"
_WAIT_S = 5.0


class Chronicle:
    """`url` names a file as `sqlite:///PATH`, or a PostgreSQL database.

    All methods raise `Unavailable` with one line, without a password, when it cannot be had.
    """

    def __init__(self, url: str, service: str, environment: str) -> None:
        """Nothing is opened."""
        self._url = url
        self._key = {"service": service, "environment": environment}

    @property
    def place(self) -> str:
        """Where it is, for people."""
        return self._url.removeprefix(_SQLITE) if self._file else str(Address(self._url))

    @property
    def _file(self) -> Path | None:
        return Path(self._url.removeprefix(_SQLITE)) if self._url.startswith(_SQLITE) else None

    def write(
        self,
        chapters: Sequence[Chapter],
        approvals: Sequence[Approval],
        tell: Callable[[str], None] = lambda _: None,
    ) -> int:
        """How many operations were not in there as they are now.

        A file that is damaged and tables that were dropped are made anew; `tell` gets one line about it.
        """
        try:
            return self._written(chapters, approvals, tell)
        except _Damaged as damage:
            if self._file is None:
                raise
            aside = self._file.replace(self._file.with_name(f"{self._file.name}.damaged"))
            tell(f"{damage.reason}; it is kept as {aside.name}, and {_ANEW}")
            return self._written(chapters, approvals, tell)

    def _written(
        self, chapters: Sequence[Chapter], approvals: Sequence[Approval], tell: Callable[[str], None]
    ) -> int:
        with self._begun() as connection:
            gone = revise(connection)
            every = tables(connection)
            known = self._counts(connection, every)
            built = {str(name) for name in self._releases(connection, every)}
            news = [one for one in chapters if not _is_told(one, known, built)]
            for one in news:
                self._tell(connection, every, one)
            self._replace(connection, every.approvals, [_columns(one) for one in approvals])
        if gone:
            tell(f"{self._lacking(gone)}; {_ANEW}")
        return len(news)

    def _lacking(self, names: Sequence[str]) -> str:
        kind = "table" if len(names) == 1 else "tables"
        return f"the shared history in {self.place} had lost its {kind} {', '.join(names)}"

    def _tell(self, connection: Connection, every: Tables, one: Chapter) -> None:
        name, said = one.deployment.id, _columns(one.deployment)
        said |= {"header": json.dumps(dict(one.deployment.header)), "records": len(one.lines)}
        self._replace(connection, every.deployments, [said])
        lines = every.records
        connection.execute(delete(lines).filter_by(**self._key, deployment=name))
        rows = [
            {**self._key, "deployment": name, "seq": n, "line": line} for n, line in enumerate(one.lines, 1)
        ]
        connection.execute(insert(lines), rows)
        if one.release is not None:
            release = {column.name: one.release.get(column.name) for column in every.releases.columns}
            pinned = {
                "env_fingerprints": json.dumps(one.release["env_fingerprints"]),
                "built_at": one.built_at,
            }
            self._replace(connection, every.releases, [{**release, **pinned}])

    def _replace(self, connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
        """The rows are in the table, each in the place of an earlier one with its key."""
        keys = [column.name for column in table.primary_key if column.name not in self._key]
        for row in rows:
            connection.execute(delete(table).filter_by(**self._key, **{key: row[key] for key in keys}))
            connection.execute(insert(table), [{**row, **self._key}])

    def _counts(self, connection: Connection, every: Tables) -> dict[str, int]:
        """How many lines there are of each operation; not of one whose own row cannot be read."""
        table, lines = every.deployments, every.records.c
        counted = select(lines.deployment, func.count()).filter_by(**self._key).group_by(lines.deployment)
        counts = {str(name): int(count) for name, count in connection.execute(counted)}
        headers = connection.execute(select(table.c.id, table.c.header).filter_by(**self._key))
        return {str(name): counts.get(str(name), 0) for name, said in headers if _header(said) is not None}

    def _releases(self, connection: Connection, every: Tables) -> Iterator[str]:
        yield from connection.execute(select(every.releases.c.id).filter_by(**self._key)).scalars()

    def deployments(self, without: Collection[str] = ()) -> tuple[Deployment, ...]:
        """Those that are in there, oldest first, but the ones called so. Changes nothing."""
        with self._looked() as connection:
            if connection is None:
                return ()
            table = tables(connection).deployments
            asked = select(table).filter_by(**self._key).order_by(table.c.id)
            rows = [dict(row) for row in connection.execute(asked).mappings() if row["id"] not in without]
        return tuple(self._read(row) for row in rows)

    def _read(self, row: Mapping[str, Any]) -> Deployment:
        header = _header(row["header"])
        if header is None:
            raise Unavailable(
                f"the shared history in {self.place} cannot be had: the row of {row['id']} is damaged"
            )
        return Deployment(**{name: row[name] for name in Deployment.__slots__} | {"header": header})

    def lines(self, deployment: str) -> tuple[str, ...]:
        """Its journal, line by line; empty when it is not in there. Changes nothing."""
        with self._looked() as connection:
            if connection is None:
                return ()
            table = tables(connection).records
            asked = select(table.c.line).filter_by(**self._key, deployment=deployment).order_by(table.c.seq)
            return tuple(str(line) for line in connection.execute(asked).scalars())

    @contextmanager
    def _looked(self) -> Iterator[Connection | None]:
        """None where nothing was ever written, or an older hotelctl did: the next operation revises it."""
        if not self._begins():
            yield None
            return
        with self._begun() as connection:
            found = revision(connection)
            require_known(found)
            if found == HEAD and (gone := lost(connection)):
                raise Unavailable(f"{self._lacking(gone)}: the next operation of each machine {_AGAIN}")
            yield connection if found == HEAD else None

    def _begins(self) -> bool:
        try:
            return self._file is None or self._file.exists()
        except OSError as error:
            why = error.strerror or str(error)
            raise Unavailable(f"the shared history in {self.place} cannot be had: {why}") from error

    @contextmanager
    def _begun(self) -> Iterator[Connection]:
        engine = self._engine()
        try:
            with engine.begin() as connection:
                yield connection
        except SQLAlchemyError as error:
            kind = _Damaged if _is_damage(error) else Unavailable
            raise kind(f"the shared history in {self.place} cannot be had: {_words(error)}") from error
        finally:
            engine.dispose()

    def _engine(self) -> Engine:
        if self._file is not None:
            said = {"timeout": _WAIT_S, "isolation_level": None}
            engine = create_engine(self._url, poolclass=NullPool, connect_args=said)
            # The driver's own transactions begin too late: two would make the tables at once.
            event.listen(engine, "begin", lambda one: one.exec_driver_sql("BEGIN IMMEDIATE"))
            return engine
        return create_engine("postgresql+psycopg://", creator=self._connection, poolclass=NullPool)

    def _connection(self) -> Any:  # noqa: ANN401 - the driver's own, for the engine
        opened = connect(self._url, autocommit=True)
        limit(opened, _LIMIT_S, of="session")
        opened.autocommit = False
        return opened


class _Damaged(Unavailable):
    """The file is no database, or a broken one, or one without its tables."""


def _is_told(one: Chapter, counts: Mapping[str, int], releases: Collection[str]) -> bool:
    """Whether all of its lines are in there, and the release that it built."""
    whole = counts.get(one.deployment.id, -1) == len(one.lines)
    return whole and (one.release is None or str(one.release["id"]) in releases)


def _is_damage(error: SQLAlchemyError) -> bool:
    said = error.orig if isinstance(error, DBAPIError) else None
    words = ("malformed", "not a database", "no such table", "no such column")
    return isinstance(said, sqlite3.DatabaseError) and any(word in str(said) for word in words)


def _header(text: str) -> dict[str, Any] | None:
    """What an operation's header says; None for what is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def _words(error: SQLAlchemyError) -> str:
    said = error.orig if isinstance(error, DBAPIError) else error
    return str(said).strip().partition("\n")[0]


def _columns(one: Deployment | Approval) -> dict[str, Any]:
    return {name: getattr(one, name) for name in one.__slots__}
