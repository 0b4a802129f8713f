"""The connection to PostgreSQL and the tenant of each transaction."""

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

from sqlalchemy import URL, Connection, event, make_url, text
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, with_loader_criteria

from hotelctl.app.logs import current_request
from hotelctl.app.store.base import SoftDeleted
from hotelctl.app.store.direct import HELD, Asked, Asks, Direct, Observe, Reading, Rows, tenant
from hotelctl.app.store.liveness import replace_dead
from hotelctl.app.store.pool import WatchedPool
from hotelctl.app.store.statement_names import name_of

_POOL_TIMEOUT_S = 5
_CONNECT_TIMEOUT_S = 5
_BEGIN = "BEGIN"
_BEGIN_SNAPSHOT = "BEGIN ISOLATION LEVEL REPEATABLE READ"
_OF_ONE_MOMENT = "of_one_moment"
_SET_TENANT = text("SELECT set_config('app.hotel_id', :id, true)")
# Execution option of a statement that is about rows marked as deleted too.
WITH_DELETED = "with_deleted"
_NOT_DELETED = with_loader_criteria(SoftDeleted, lambda row: row.deleted_at.is_(None), include_aliases=True)


def driver_url(url: str) -> URL:
    """The URL with this project's one driver; `postgresql://` and `postgresql+psycopg://` are the same."""
    return make_url(url).set(drivername="postgresql+psycopg")


class TenantSession(Session):
    """A session whose every transaction carries the tenant of `info["hotel_id"]`, and none without it."""


@event.listens_for(TenantSession, "after_begin")
def _begin(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    """The transaction and its tenant in one way there and back; a savepoint is in one already.

    Where that fails, nothing may go on in the session: each statement would stand for itself.
    """
    if transaction.nested:
        return
    hotel_id: UUID | None = session.info.get("hotel_id")
    begin = _BEGIN if hotel_id is None else begin_in(hotel_id)
    if session.info.get(_OF_ONE_MOMENT):
        begin = begin.replace(_BEGIN, _BEGIN_SNAPSHOT, 1)
    try:
        connection.exec_driver_sql(begin)
    except BaseException:
        connection.invalidate()
        raise


def begin_in(hotel_id: UUID) -> str:
    """Begins a transaction of that hotel. Several statements at once take no parameters."""
    return f"{_BEGIN}; {tenant(hotel_id)}"


@event.listens_for(TenantSession, "do_orm_execute")
def _hide_deleted(state: ORMExecuteState) -> None:
    wanted = state.is_select or state.is_update or state.is_delete
    if wanted and not state.is_column_load and not state.execution_options.get(WITH_DELETED, False):
        state.statement = state.statement.options(_NOT_DELETED)


async def enter_hotel(session: AsyncSession, hotel_id: UUID) -> None:
    """The transaction, begun without a hotel, goes on in this one."""
    session.info["hotel_id"] = hotel_id
    await session.execute(_SET_TENANT, {"id": str(hotel_id)})


def _watch_statements(engine: AsyncEngine, observe: Observe) -> None:
    @event.listens_for(engine.sync_engine, "before_cursor_execute")
    def _begin(*args: Any) -> None:  # noqa: ANN401 - six positions of the event, one of use
        args[4].statement_began_s = time.perf_counter()

    @event.listens_for(engine.sync_engine, "after_cursor_execute")
    def _end(*args: Any) -> None:  # noqa: ANN401 - same
        if args[2] == _BEGIN:
            return
        took_s = time.perf_counter() - args[4].statement_began_s
        observe(name_of(args[2]), took_s)
        record = current_request.get()
        if record is not None:
            record.db_n += 1
            record.db_ms += took_s * 1000


def _forget(_name: str, _took_s: float) -> None:
    """Nobody wants to know how long statements took."""


class Database:
    """The pool of one instance; every access is a short transaction with or without a tenant."""

    def __init__(self, url: str, *, pool_size: int, instance_id: str, observe: Observe = _forget) -> None:
        self.pool_size = pool_size
        self.engine = create_async_engine(
            driver_url(url),
            poolclass=WatchedPool,
            # Whoever begins a transaction says so: the driver would take a way of its own for it.
            isolation_level="AUTOCOMMIT",
            pool_size=pool_size,
            # One more in a burst would be opened, used once and closed: that costs more than to wait for one.
            max_overflow=0,
            pool_timeout=_POOL_TIMEOUT_S,
            # The one that was used last: its server process has all at hand that the next statement needs.
            pool_use_lifo=True,
            connect_args={
                "application_name": f"hotel-assistant {instance_id}",
                "connect_timeout": _CONNECT_TIMEOUT_S,
                # In some messages values are written out, as bytes of this encoding.
                "client_encoding": "utf8",
                # A pooler that shares connections between transactions breaks named statements.
                "prepare_threshold": None,
            },
        )
        replace_dead(self.engine)
        _watch_statements(self.engine, observe)
        self._direct = Direct(self.engine, observe)
        self._sessions = async_sessionmaker(
            self.engine, class_=AsyncSession, sync_session_class=TenantSession, expire_on_commit=False
        )

    @asynccontextmanager
    async def transaction(
        self, hotel_id: UUID | None = None, *, of_one_moment: bool = False
    ) -> AsyncIterator[AsyncSession]:
        """A transaction that sees one hotel, or no hotel's rows at all; commits when left without error.

        With `of_one_moment`, all that it reads stands as it stood at its first statement.
        """
        info = {"hotel_id": hotel_id, HELD: self._direct, _OF_ONE_MOMENT: of_one_moment}
        async with self._sessions(info=info) as session, session.begin():
            yield session

    async def ask(self, *asked: Asked, hotel_id: UUID | None = None) -> list[Rows]:
        """The rows of each statement, from one short transaction without a session: see `direct`."""
        return await self._direct.ask(*asked, hotel_id=hotel_id)

    def reading(self, hotel_id: UUID) -> Asks:
        """Asks without a session, each time in a short transaction that sees one hotel."""
        return Reading(self._direct, hotel_id)

    def pool_use(self) -> dict[str, int]:
        """Size and use of the pool at this moment."""
        pool = self.engine.pool
        assert isinstance(pool, WatchedPool)  # noqa: S101 - made so above
        return {
            "size": pool.size(),
            "checked_out": pool.checkedout(),
            "overflow": max(pool.overflow(), 0),
            "waiting": pool.waiting,
        }

    async def close(self) -> None:
        """All connections are given back."""
        await self.engine.dispose()
