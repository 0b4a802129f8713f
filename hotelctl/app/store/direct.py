"""Statements that go to the driver as they were made, several at once and with their hotel.

What every request asks is asked here: a session of the ORM, its transaction and its entities take ten times
as long as the way to the database and back. Statements of one message are one transaction, which ends with
the message; whatever fails takes all of them back.
Source: PostgreSQL's manual, "Multiple Statements in a Simple Query".
"""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar
from uuid import UUID

import psycopg
from psycopg import AsyncClientCursor, AsyncConnection
from psycopg.rows import namedtuple_row
from sqlalchemy import BindParameter, ClauseElement, ColumnElement, Select, bindparam, insert, inspect, select
from sqlalchemy.dialects.postgresql.psycopg import dialect as psycopg_dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.pool import PoolProxiedConnection
from sqlalchemy.types import TypeEngine
from sqlalchemy.util import await_only, greenlet_spawn

from hotelctl.app.logs import current_request
from hotelctl.app.store.base import Base, SoftDeleted
from hotelctl.app.store.statement_names import name_of

E = TypeVar("E", bound=Base)
Observe = Callable[[str, float], None]
Values = Mapping[str, Any]
Rows = list[Any]
"""Named tuples of the statement's columns."""

# Where a session holds what it asks directly with.
HELD = "direct"
_DIALECT = psycopg_dialect()  # type: ignore[no-untyped-call] # the library's own gap


@dataclass(frozen=True, slots=True)
class Fixed:
    """A statement that was made once, at import; what differs from time to time are values by name.

    The sessions' rule on rows that are marked as deleted does not hold here: each statement says it itself.
    """

    sql: str
    constants: Values = field(default_factory=dict)

    @classmethod
    def of(cls, statement: ClauseElement) -> "Fixed":
        """The statement as the driver takes it."""
        made = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})
        return cls(str(made), {name: value for name, value in made.params.items() if value is not None})


Asked = tuple[Fixed, Values]


def given(name: str, type_: TypeEngine[Any] | None = None) -> BindParameter[Any]:
    """A value that comes when the statement is asked."""
    return bindparam(name, type_=type_, required=False)


class Asks(Protocol):
    """Whom a statement is asked of: see `Database.reading`, and `within` a session's transaction."""

    async def ask(self, *asked: Asked) -> list[Rows]:
        """The rows of each, all from one transaction."""


def columns_of(entity: type[Base]) -> Select[Any]:
    """What the entity's live rows hold, without what entities load late; the rows read as entities do."""
    attributes = inspect(entity).column_attrs
    chosen = select(*(one.columns[0] for one in attributes if not one.deferred))
    return chosen.where(entity.deleted_at.is_(None)) if issubclass(entity, SoftDeleted) else chosen


def inserting(entity: type[Base], names: Sequence[str], *where: ColumnElement[bool]) -> Fixed:
    """A row of these values, stored where all that holds."""
    columns = inspect(entity).columns
    values = select(*(given(name, columns[name].type) for name in names))
    return Fixed.of(insert(entity).from_select(list(names), values.where(*where)))


def tenant(hotel_id: UUID) -> str:
    """Makes the transaction that it is part of one of that hotel."""
    return f"SELECT set_config('app.hotel_id', '{UUID(bytes=hotel_id.bytes)}', true)"


def as_entity(session: AsyncSession, entity: type[E], row: Any) -> E:  # noqa: ANN401 - a row of `columns_of`
    """The row as the session would have loaded it: what is changed in it, the session writes."""
    found = entity(**row._asdict())
    make_transient_to_detached(found)
    session.add(found)
    return found


class Direct:
    """Asks over the connections of a pool that SQLAlchemy holds."""

    def __init__(self, engine: AsyncEngine, observe: Observe) -> None:
        self._engine = engine.sync_engine
        self._observe = observe

    async def ask(self, *asked: Asked, hotel_id: UUID | None = None) -> list[Rows]:
        """The rows of each, all from one transaction that sees one hotel, or no hotel's rows at all.

        Raises what a session would raise: DBAPIError or SQLAlchemy's TimeoutError.
        """
        found: list[Rows] = await greenlet_spawn(self._ask, asked, hotel_id)
        return found

    async def ask_in(self, session: AsyncSession, *asked: Asked) -> list[Rows]:
        """The same in the session's transaction, which goes on."""
        held = await (await session.connection()).get_raw_connection()
        try:
            return await self._told(_driver(held.driver_connection), asked, None)
        except psycopg.Error as error:
            raise self._as_session_raises(asked, error) from error

    def _ask(self, asked: Sequence[Asked], hotel_id: UUID | None) -> list[Rows]:
        held: PoolProxiedConnection | None = None
        try:
            held = self._engine.raw_connection()
            return await_only(self._told(_driver(held.driver_connection), asked, hotel_id))
        except psycopg.Error as error:
            if held is not None and _driver(held.driver_connection).closed:
                held.invalidate(error)
            raise self._as_session_raises(asked, error) from error
        finally:
            if held is not None:
                held.close()

    async def _told(
        self, connection: AsyncConnection[Any], asked: Sequence[Asked], hotel_id: UUID | None
    ) -> list[Rows]:
        began_s = time.perf_counter()
        try:
            return await _answers(connection, asked, hotel_id)
        finally:
            self._note(asked, time.perf_counter() - began_s)

    def _note(self, asked: Sequence[Asked], took_s: float) -> None:
        """One way there and back is one figure, under the name of the first statement; each took less."""
        self._observe(name_of(asked[0][0].sql), took_s)
        record = current_request.get()
        if record is not None:
            record.db_n += len(asked)
            record.db_ms += took_s * 1000

    def _as_session_raises(self, asked: Sequence[Asked], error: psycopg.Error) -> BaseException:
        words = "; ".join(statement.sql for statement, _ in asked)
        return DBAPIError.instance(
            words, None, error, psycopg.Error, hide_parameters=True, dialect=self._engine.dialect
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Asks in a transaction of its own each time, which sees one hotel."""

    direct: Direct
    hotel_id: UUID

    async def ask(self, *asked: Asked) -> list[Rows]:
        """The rows of each, all from one transaction."""
        return await self.direct.ask(*asked, hotel_id=self.hotel_id)


@dataclass(frozen=True, slots=True)
class _Within:
    session: AsyncSession

    async def ask(self, *asked: Asked) -> list[Rows]:
        direct: Direct = self.session.info[HELD]
        return await direct.ask_in(self.session, *asked)


def within(session: AsyncSession) -> Asks:
    """Asks in the session's transaction; what was not flushed before is not seen."""
    return _Within(session)


def _driver(connection: object) -> AsyncConnection[Any]:
    assert isinstance(connection, AsyncConnection)  # noqa: S101 - the one driver there is
    return connection


async def _answers(
    connection: AsyncConnection[Any], asked: Sequence[Asked], hotel_id: UUID | None
) -> list[Rows]:
    cursor = AsyncClientCursor(connection, row_factory=namedtuple_row)
    words = [] if hotel_id is None else [tenant(hotel_id)]
    words += [
        cursor.mogrify(statement.sql.encode(), {**statement.constants, **values})
        for statement, values in asked
    ]
    await cursor.execute(";".join(words).encode())
    found: list[Rows] = [await _rows(cursor)]
    while cursor.nextset():
        found.append(await _rows(cursor))
    return found if hotel_id is None else found[1:]


async def _rows(cursor: AsyncClientCursor[Any]) -> Rows:
    """The rows of a statement; none of one that tells none."""
    return await cursor.fetchall() if cursor.pgresult and cursor.pgresult.nfields else []
