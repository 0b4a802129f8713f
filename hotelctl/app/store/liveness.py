"""Whether a kept connection still has its server, found out without asking the server each time.

A server that ends a connection says so on it, and the kernel tells of one that is gone. So a quiet connection
is a good one; only where there is something to read the server is asked, which is one way there and back less
for each transaction.
"""

import select
from typing import Any

from psycopg import AsyncConnection, OperationalError
from sqlalchemy import event
from sqlalchemy.exc import DisconnectionError
from sqlalchemy.ext.asyncio import AsyncEngine


def has_news(connection: AsyncConnection[Any]) -> bool:
    """Whether there is something to read that nobody asked for, or no connection any more."""
    try:
        descriptor = connection.fileno()
    except OperationalError:
        return True
    poll = select.poll()
    poll.register(descriptor, select.POLLIN | select.POLLHUP | select.POLLERR)
    return bool(poll.poll(0))


def replace_dead(engine: AsyncEngine) -> None:
    """From now on whoever takes a connection gets a living one, anew if need be."""
    dialect = engine.sync_engine.dialect

    @event.listens_for(engine.sync_engine, "checkout")
    def _look(*taken: Any) -> None:  # noqa: ANN401 - three positions of the event, one of use
        if not has_news(taken[0].driver_connection):
            return
        try:
            dialect.do_ping(taken[0])
        except OperationalError:
            raise DisconnectionError from None
