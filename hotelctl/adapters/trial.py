"""Statements that are tried and taken back: what each would have done, and nothing of it stays."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hotelctl.adapters.postgres_connect import connected
from hotelctl.core.errors import Unavailable
from hotelctl.facts.implied_statements import Asked, Implied, Tried

if TYPE_CHECKING:
    from psycopg import Connection, Error
    from psycopg.pq.abc import PGresult

_PREPARED = "hotelctl_prepared_"
# Two sessions try them beside each other where their number is worth it. What one of them may have been
# refused because of the other is tried once more alone.
_MANY = 200
_OF_ANOTHER = frozenset({"40001", "40P01", "55P03", "57014"})
# A superuser need not join a role, which two cannot do at once, and no code of somebody's own may run that
# tells a row which another session holds from none.
_APART = """
SELECT r.rolsuper AND NOT EXISTS (SELECT FROM pg_catalog.pg_proc p
  JOIN pg_catalog.pg_language l ON l.oid = p.prolang
  WHERE p.oid >= 16384 AND l.lanname NOT IN ('c', 'internal'))
FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
"""
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
    plain = len(statements) >= _MANY and all(isinstance(one, Implied) for one in statements)
    if not plain or not _are_apart(url):
        return _in_turn(url, statements, role)
    half = len(statements) // 2
    with ThreadPoolExecutor(1) as beside:
        others = beside.submit(_in_turn, url, statements[half:], role)
        found = [*_in_turn(url, statements[:half], role), *others.result()]
    again = [place for place, one in enumerate(found) if one.sqlstate in _OF_ANOTHER]
    for place, one in zip(again, _in_turn(url, [statements[at] for at in again], role), strict=True):
        found[place] = one
    return tuple(found)


def _are_apart(url: str) -> bool:
    """Whether two sessions that try plain statements do not meet but where one waits for the other."""
    with connected(url, autocommit=True) as connection, _answering():
        return connection.execute(_APART).fetchone() == (True,)


def _in_turn(url: str, statements: Sequence[Asked], role: str | None) -> tuple[Tried, ...]:
    with _entered(url, role) as (connection, begun):
        if isinstance(begun, Tried):
            return (begun,) * len(statements)
        with _answering():
            return tuple(_each(connection, begun, statements))


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
            return tuple(_each(self._connection, self._begun, self._asked))


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
            named = enumerate(statements)
            said = [_Words(f"PREPARE {_PREPARED}{number} AS {one}") for number, one in named]
            for _ in _each(connection, begun, said):
                pass
            known = dict(connection.execute(_PARAMETERS).fetchall())
            names = (f"{_PREPARED}{number}" for number in range(len(statements)))
            asked = tuple(_Words(f"EXPLAIN EXECUTE {name}{_nulls(known.get(name, 0))}") for name in names)
            first = tuple(_each(connection, begun, asked))
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


def _each(connection: "Connection[Any]", first: str, statements: Sequence[Asked]) -> Iterator[Tried]:
    """How each ends. A thousand are asked in a row: each costs one way to the server, and nothing else.

    Behind the last one no transaction is open.

    Raises:
        OperationalError: the server is gone.

    """
    from psycopg import OperationalError  # noqa: PLC0415 - the driver loads libpq
    from psycopg.pq import ConnStatus  # noqa: PLC0415 - same

    server, begin = connection.pgconn, f"BEGIN; {first}"
    for one in statements:
        found = server.exec_(f"{begin} {one.sql}".encode())
        if server.status != ConnStatus.OK:
            raise OperationalError(server.get_error_message())
        yield _end(found)
        begin = f"ROLLBACK; BEGIN; {first}"
    server.exec_(b"ROLLBACK")
    if server.status != ConnStatus.OK:
        raise OperationalError(server.get_error_message())


def _end(found: "PGresult") -> Tried:
    from psycopg.pq import DiagnosticField, ExecStatus  # noqa: PLC0415 - the driver loads libpq

    if found.status in {ExecStatus.COMMAND_OK, ExecStatus.TUPLES_OK}:
        return Tried(found.command_tuples or 0)
    code, words = map(found.error_field, (DiagnosticField.SQLSTATE, DiagnosticField.MESSAGE_PRIMARY))
    return Tried(
        0, (code or b"").decode(), (words or b"").decode(errors="replace") or found.get_error_message()
    )


def _refusal(error: "Error") -> Tried:
    return Tried(0, error.sqlstate or "", error.diag.message_primary or str(error).strip())
