"""Statements that are tried and taken back: what each would have done, and nothing of it stays."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.facts.implied_statements import Implied, Tried

if TYPE_CHECKING:
    from psycopg import Connection

_LIMIT = "SET statement_timeout = '5s'"


def tried(url: str, statements: Sequence[Implied], role: str | None) -> tuple[Tried, ...]:
    """How each ends as `role`, each in a transaction of its own that is rolled back.

    Raises:
        Unavailable: the server does not answer.

    """
    with connected(url, autocommit=True) as connection:
        from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

        connection.execute(_LIMIT)
        if role is not None:
            connection.execute(sql.SQL("SET ROLE {}").format(sql.Identifier(role)))
        return tuple(_tried(connection, one) for one in statements)


def _tried(connection: "Connection[Any]", statement: Implied) -> Tried:
    """A thousand of them are asked in a row: each costs two ways to the server."""
    from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

    try:
        cursor = connection.execute(f"BEGIN; {statement.sql}".encode())
        while cursor.nextset():
            continue
        return Tried(cursor.rowcount)
    except Error as error:
        return Tried(0, error.sqlstate or "", error.diag.message_primary or str(error).strip())
    finally:
        connection.execute("ROLLBACK")
