"""Connections to PostgreSQL, and what their failures mean to people."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal

from hotelctl.adapters.postgres_url import Address
from hotelctl.adapters.server_words import in_short
from hotelctl.core.errors import Unavailable

if TYPE_CHECKING:
    from psycopg import Connection, Error

_CONNECT_S = 5
# Read by libpq, but no options of a connection string.
_BESIDE = ("PGSERVICE", "PGSERVICEFILE", "PGSYSCONFDIR", "PGDATESTYLE", "PGTZ", "PGGEQO")
_CUT_SHORT = "57014"
_LOCKED = "55P03"
_LOST = re.compile(r"^(08|57P)")
_FATAL = re.compile(r"FATAL:\s*(.+)")
# What libpq and the server say (English; another language falls through to the server's own words).
_MEANINGS = (
    (
        r"password authentication failed",
        'the database server at {server} refuses the password of "{user}"; correct it in the URL',
    ),
    (
        r"no password supplied",
        'the database server at {server} wants a password for "{user}", and the URL has none',
    ),
    (
        r'database "[^"]*" does not exist',
        'the database server at {server} has no database "{database}"; createdb makes it',
    ),
    (
        r'role "[^"]*" does not exist',
        'the database server at {server} has no role "{user}"; createuser makes it',
    ),
    (r"no pg_hba.conf entry", 'the database server at {server} lets "{user}" not in from here (pg_hba.conf)'),
    (
        r"(Ident|Peer|GSSAPI|LDAP|PAM) authentication failed",
        'the database server at {server} refuses "{user}"',
    ),
    (r"not permitted to log in", 'the role "{user}" may not log in at {server}'),
    (r"permission denied for database", 'the role "{user}" may not connect to "{database}" at {server}'),
    (r"too many|remaining connection slots", "the database server at {server} has no free connection"),
    (r"starting up|in recovery", "the database server at {server} is still starting up"),
    (r"shutting down", "the database server at {server} is shutting down"),
    (
        r"[Cc]onnection refused",
        "no database server answers at {server}: connection refused; start it, or correct the URL",
    ),
    (
        r"No such file or directory",
        "no database server answers at {server}: there is no socket; start it, or correct the URL",
    ),
    (
        r"resolve host|could not translate host",
        "no database server answers at {server}: the name is not known; correct the URL",
    ),
    (r"time(d )?out", "no database server answers at {server} within {limit} s"),
    (r"SSL|certificate", "the database server at {server} and this machine do not agree on encryption"),
)


@contextmanager
def connected(url: str, *, autocommit: bool = False) -> Iterator["Connection[tuple[Any, ...]]"]:
    """A connection that is closed after the block; committed when the block ends well.

    Raises:
        Unavailable: no server, or it refuses the log-in; one line, no password.

    """
    with connect(url, autocommit=autocommit) as connection:
        yield connection


def connect(url: str, *, autocommit: bool = False) -> "Connection[tuple[Any, ...]]":
    """An open connection. Raises `Unavailable` as `connected` does."""
    import psycopg  # noqa: PLC0415 - the driver loads libpq
    from psycopg.conninfo import make_conninfo  # noqa: PLC0415 - same

    address = Address(url)
    # A database that names no encoding would else give bytes for text.
    defaults = {
        "connect_timeout": str(_CONNECT_S),
        "application_name": "hotelctl",
        "client_encoding": "utf8",
    }
    try:
        with _without_libpq_variables():
            return psycopg.connect(
                make_conninfo("", **{**defaults, **address.parameters}),
                autocommit=autocommit,
                prepare_threshold=None,
            )
    except psycopg.Error as error:
        raise Unavailable(meaning(address, str(error))) from error


def limit(connection: "Connection[Any]", limit_s: float, *, of: Literal["transaction", "session"]) -> None:
    """What comes next on the connection ends after `limit_s`, whatever the role's own limit is.

    By a statement that needs no plan and no catalogue: a role may have a limit of a millisecond.

    Raises:
        Unavailable: the role's own limit ended even this one.

    """
    from psycopg.errors import QueryCanceled  # noqa: PLC0415 - the driver loads libpq

    milliseconds = round(limit_s * 1000)
    word = "LOCAL" if of == "transaction" else "SESSION"
    try:
        connection.execute(f"SET {word} statement_timeout = {milliseconds}".encode())
    except QueryCanceled as error:
        raise Unavailable(
            "the role's own statement_timeout ends whatever is asked of the database"
        ) from error


@contextmanager
def _without_libpq_variables() -> Iterator[None]:
    """The URL is the whole address: PGPORT and its like of the caller must not lead elsewhere.

    pg_dump and the other programs get no such variables, either.
    """
    from psycopg.pq import Conninfo  # noqa: PLC0415 - loads libpq

    kept = {name: os.environ.pop(name) for name in _BESIDE if name in os.environ}
    # Asked without them: a service that is not defined leaves libpq without any defaults.
    names = {option.envvar.decode() for option in Conninfo.get_defaults() if option.envvar}
    kept |= {name: os.environ.pop(name) for name in names if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)


def meaning(address: Address, words: str) -> str:
    """One line that says why nobody could log in."""
    values = {
        "server": address.server,
        "user": address.user,
        "database": address.database,
        "limit": address.parameters.get("connect_timeout", str(_CONNECT_S)),
    }
    for pattern, sentence in _MEANINGS:
        if re.search(pattern, words):
            return sentence.format(**values)
    fatal = _FATAL.search(words)
    said = fatal[1] if fatal else words.strip().splitlines()[0]
    return _without_password(f"no connection to {address}: {said}", address)


def complaint(error: "Error", address: Address) -> str:
    """What the server said about a statement, in one line."""
    primary = in_short(error.diag.message_primary or str(error).strip().partition("\n")[0])
    code = f" ({error.sqlstate})" if error.sqlstate else ""
    return _without_password(f"{address.database}: {primary}{code}", address)


def detail(error: "Error") -> str:
    """The server's own hint or detail, in one line."""
    said = error.diag.message_hint or error.diag.message_detail or ""
    return in_short(said.replace("\n", " "))


def lost(error: "Error") -> bool:
    """Whether the connection failed rather than the statement."""
    return error.sqlstate is None or _LOST.match(error.sqlstate) is not None


def cut_short(error: "Error") -> bool:
    """Whether its time limit ended the statement."""
    return error.sqlstate == _CUT_SHORT


def waited_for_lock(error: "Error") -> bool:
    """Whether somebody else's lock was waited for in vain."""
    return error.sqlstate == _LOCKED


def _without_password(text: str, address: Address) -> str:
    password = address.parameters.get("password")
    return text.replace(password, "***") if password else text
