"""Statements that are tried and taken back: what each would have done, and nothing of it stays."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.core.errors import Unavailable
from hotelctl.facts.implied_statements import Asked, Tried

if TYPE_CHECKING:
    from psycopg import Connection, Error

_PREPARED = "hotelctl_prepared_"
_PARAMETERS = "SELECT name, cardinality(parameter_types) FROM pg_catalog.pg_prepared_statements"
_LIMIT = "SET statement_timeout = '5s'"
_MAY_BECOME_ALL = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user"
# An owner who is no superuser is no member of the roles that it made. It makes itself one for the moment;
# that, too, is taken back.
_JOIN = "GRANT {0} TO CURRENT_USER; SET LOCAL ROLE {0};"


def tried(url: str, statements: Sequence[Asked], role: str | None) -> tuple[Tried, ...]:
    """How each ends as `role`, each in a transaction of its own that is rolled back.

    Raises:
        Unavailable: the server does not answer, or the session is ended.

    """
    with _entered(url, role) as (connection, begun):
        if isinstance(begun, Tried):
            return (begun,) * len(statements)
        with _answering():
            return tuple(_tried(connection, begun, one) for one in statements)


@dataclass(frozen=True, slots=True)
class _Words:
    """What is asked, as it is sent."""

    sql: str


@dataclass(frozen=True, slots=True)
class Prepared:
    """An open session that has prepared statements; `first` is how each ended when it was planned at once."""

    first: tuple[Tried, ...]
    _connection: "Connection[Any]"
    _begun: str
    _asked: tuple[_Words, ...]

    def again(self) -> tuple[Tried, ...]:
        """How each ends now. Raises `Unavailable` when somebody ended the session."""
        if not self._asked:
            return self.first
        with _answering():
            return tuple(_tried(self._connection, self._begun, one) for one in self._asked)


@contextmanager
def prepared(url: str, statements: Sequence[str], role: str | None) -> Iterator[Prepared]:
    """A session as `role` that keeps them, open until the block ends; it holds no lock between questions.

    They are planned and never run, with NULL for each parameter.

    Raises:
        Unavailable: the server does not answer, or the session is ended.

    """
    with _entered(url, role) as (connection, begun):
        if isinstance(begun, Tried):
            yield Prepared((begun,) * len(statements), connection, "", ())
            return
        with _answering():
            for number, one in enumerate(statements):
                _tried(connection, begun, _Words(f"PREPARE {_PREPARED}{number} AS {one}"))
            known = dict(connection.execute(_PARAMETERS).fetchall())
            names = (f"{_PREPARED}{number}" for number in range(len(statements)))
            asked = tuple(_Words(f"EXPLAIN EXECUTE {name}{_nulls(known.get(name, 0))}") for name in names)
            first = tuple(_tried(connection, begun, one) for one in asked)
        yield Prepared(first, connection, begun, asked)


@contextmanager
def _answering() -> Iterator[None]:
    """Raises `Unavailable` where the server, or a statement itself, ends the session inside the block."""
    from psycopg import OperationalError  # noqa: PLC0415 - the driver loads libpq

    try:
        yield
    except OperationalError as error:
        raise Unavailable(f"the session that tried statements is gone: {error}") from error


@contextmanager
def _entered(url: str, role: str | None) -> Iterator[tuple["Connection[Any]", str | Tried]]:
    """A session, and what each of its transactions begins with; the refusal where nobody can be the role."""
    with connected(url, autocommit=True) as connection:
        connection.execute(_LIMIT)
        yield connection, "" if role is None else _become(connection, role)


def _nulls(number: int) -> str:
    return f"({', '.join(['NULL'] * number)})" if number else ""


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


def _tried(connection: "Connection[Any]", first: str, statement: Asked) -> Tried:
    """A thousand of them are asked in a row: each costs two ways to the server, and nothing else.

    Raises:
        OperationalError: the server is gone.

    """
    from psycopg import OperationalError  # noqa: PLC0415 - the driver loads libpq
    from psycopg.pq import ConnStatus, DiagnosticField, ExecStatus  # noqa: PLC0415 - same

    server = connection.pgconn
    found = server.exec_(f"BEGIN; {first} {statement.sql}".encode())
    server.exec_(b"ROLLBACK")
    if server.status != ConnStatus.OK:
        raise OperationalError(server.get_error_message())
    if found.status in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        return Tried(found.command_tuples or 0)
    code, words = map(found.error_field, (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY))
    return Tried(
        0, (code or b"").decode(), (words or b"").decode(errors="replace") or found.get_error_message()
    )


def _refusal(error: "Error") -> Tried:
    return Tried(0, error.sqlstate or "", error.diag.message_primary or str(error).strip())
