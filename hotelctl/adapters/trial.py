"""Statements that are tried and taken back: what each would have done, and nothing of it stays."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.facts.implied_statements import Implied, Tried

if TYPE_CHECKING:
    from psycopg import Connection

_LIMIT = "SET LOCAL statement_timeout = '5s'"


def tried(url: str, statements: Sequence[Implied], role: str | None) -> tuple[Tried, ...]:
    """How each ends as `role`, each in a transaction of its own that is rolled back.

    Raises:
        Unavailable: the server does not answer.

    """
    with connected(url, autocommit=True) as connection:
        return tuple(_tried(connection, one, role) for one in statements)


def _tried(connection: "Connection[Any]", statement: Implied, role: str | None) -> Tried:
    from psycopg import Error, sql  # noqa: PLC0415 - the driver loads libpq

    try:
        with connection.transaction(force_rollback=True):
            connection.execute(_LIMIT)
            if role is not None:
                connection.execute(sql.SQL("SET LOCAL ROLE {}").format(sql.Identifier(role)))
            return Tried(connection.execute(statement.sql.encode()).rowcount)
    except Error as error:
        return Tried(0, error.sqlstate or "", error.diag.message_primary or str(error).strip())
