"""Statements that are tried and taken back: what each would have done, and nothing of it stays."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.facts.implied_statements import Implied, Tried

if TYPE_CHECKING:
    from psycopg import Connection, Error

_LIMIT = "SET statement_timeout = '5s'"
_MAY_BECOME_ALL = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
# An owner who is no superuser is no member of the roles that it made. It makes itself one for the moment;
# that, too, is taken back.
_JOIN = "GRANT {0} TO CURRENT_USER; SET LOCAL ROLE {0};"


def tried(url: str, statements: Sequence[Implied], role: str | None) -> tuple[Tried, ...]:
    """How each ends as `role`, each in a transaction of its own that is rolled back.

    Raises:
        Unavailable: the server does not answer.

    """
    with connected(url, autocommit=True) as connection:
        connection.execute(_LIMIT)
        begun = "" if role is None else _become(connection, role)
        if isinstance(begun, Tried):
            return (begun,) * len(statements)
        return tuple(_tried(connection, begun, one) for one in statements)


def _become(connection: "Connection[Any]", role: str) -> str | Tried:
    """What each transaction begins with so that it is the role's; the refusal where nobody can be it.

    Nothing where the session itself is the role by now.
    """
    from psycopg import Error, sql  # noqa: PLC0415 - the driver loads libpq

    name = sql.Identifier(role)
    if connection.execute(_MAY_BECOME_ALL).fetchone() != (True,):
        return sql.SQL(_JOIN).format(name).as_string(connection)
    try:
        connection.execute(sql.SQL("SET ROLE {}").format(name))
    except Error as error:
        return _refusal(error)
    return ""


def _tried(connection: "Connection[Any]", first: str, statement: Implied) -> Tried:
    """A thousand of them are asked in a row: each costs two ways to the server."""
    from psycopg import Error  # noqa: PLC0415 - the driver loads libpq

    try:
        cursor = connection.execute(f"BEGIN; {first} {statement.sql}".encode())
        while cursor.nextset():
            continue
        return Tried(cursor.rowcount)
    except Error as error:
        return _refusal(error)
    finally:
        connection.execute("ROLLBACK")


def _refusal(error: "Error") -> Tried:
    return Tried(0, error.sqlstate or "", error.diag.message_primary or str(error).strip())
