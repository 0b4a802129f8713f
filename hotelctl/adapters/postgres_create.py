"""The statement that makes an empty database with the encoding and locale of its neighbour."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import Connection, sql

# From template0: what an administrator put into template1 would stand in the way of a restore.
_OWN = """
SELECT pg_encoding_to_char(encoding), datcollate, datctype, datlocprovider::text,
       coalesce(to_jsonb(d)->>'datlocale', to_jsonb(d)->>'daticulocale')
FROM pg_catalog.pg_database d WHERE datname = current_database()
"""
_PROVIDERS = {"i": ("icu", "ICU_LOCALE"), "b": ("builtin", "BUILTIN_LOCALE")}


def create_statement(connection: "Connection[tuple[Any, ...]]", name: str) -> "sql.Composed":
    """`CREATE DATABASE` for `name`, after the database of `connection`."""
    from psycopg import sql  # noqa: PLC0415 - the driver loads libpq

    row = connection.execute(_OWN).fetchone()
    if row is None:
        raise LookupError("the server does not list its current database")
    encoding, collate, ctype, provider, locale = row
    words = {"ENCODING": encoding, "LC_COLLATE": collate, "LC_CTYPE": ctype}
    if provider in _PROVIDERS:
        kind, option = _PROVIDERS[provider]
        words |= {"LOCALE_PROVIDER": kind, option: locale}
    options = [sql.SQL("{} {}").format(sql.SQL(word), sql.Literal(value)) for word, value in words.items()]
    head = sql.SQL("CREATE DATABASE {} TEMPLATE template0 ").format(sql.Identifier(name))
    return head + sql.SQL(" ").join(options)
