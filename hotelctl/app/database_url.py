"""Addresses of databases: whether one is usable, and whether two lead to the same database."""

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from hotelctl.app.environment import DATABASE_SCHEMES

_DEFAULT_PORT = 5432
# Without a host the driver takes a socket of this machine.
_HERE = "localhost"
_ITSELF = frozenset({"", _HERE, "127.0.0.1", "::1"})


def check(text: str) -> None:
    """The text names a PostgreSQL database. Raises ValueError, whose text holds nothing of it."""
    try:
        url = make_url(text)
    except (ArgumentError, ValueError):
        # Of a password with an @ in it SQLAlchemy takes the rest for the port, and quotes it.
        raise ValueError("is not a database URL") from None
    if url.drivername not in DATABASE_SCHEMES:
        raise ValueError(f"must begin with one of {', '.join(f'{s}://' for s in DATABASE_SCHEMES)}")
    if not url.database:
        raise ValueError("names no database")


def is_same(one: str, other: str) -> bool:
    """Whether both lead to one database, however they name its machine."""
    return _place(one) == _place(other)


def _place(text: str) -> tuple[str, str, str | None]:
    url = make_url(text)
    host = (url.host or str(url.query.get("host", ""))).lower()
    port = str(url.port or url.query.get("port", _DEFAULT_PORT))
    return _HERE if host in _ITSELF else host, port, url.database
