"""The shared history at its newest revision; Alembic is read only where something is to be revised."""

from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, inspect, text

from hotelctl.adapters.chronicle.tables import HEAD, SCHEMA, schema_of, tables
from hotelctl.core.errors import Unavailable

_KEY = 7_301_925_546
_VERSION = "alembic_version"


def revision(connection: Connection) -> str | None:
    """The revision that the database is at; None before the first."""
    schema = schema_of(connection)
    if not inspect(connection).has_table(_VERSION, schema=schema):
        return None
    place = f"{schema}.{_VERSION}" if schema else _VERSION
    found = connection.execute(text(f"SELECT version_num FROM {place}")).scalar()  # noqa: S608 - constants
    return None if found is None else str(found)


def lost(connection: Connection) -> tuple[str, ...]:
    """The tables that a database at the newest revision should have and has not, by name."""
    there = inspect(connection).get_table_names(schema=schema_of(connection))
    return tuple(sorted({one.name for one in tables(connection).all()} - set(there)))


def revise(connection: Connection) -> tuple[str, ...]:
    """The database is at the newest revision; nothing is committed.

    Those of its tables that were lost, by name; they are there again, and empty.

    Raises:
        Unavailable: a newer hotelctl has revised it already.

    """
    if schema_of(connection) is not None:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_KEY})"))
        # Whoever may not make schemas may still use one that was made for them.
        if connection.execute(text(f"SELECT to_regnamespace('{SCHEMA}')")).scalar() is None:
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    found = revision(connection)
    if found is None and _stands(connection):
        # What tells the revision was lost with others, or alone.
        _bring(connection, "stamp")
        found = HEAD
    if found != HEAD:
        require_known(found)
        _bring(connection, "upgrade")
        return ()
    gone = lost(connection)
    if gone:
        tables(connection).deployments.metadata.create_all(connection)
    return gone


def require_known(found: str | None) -> None:
    """Return for a revision that this hotelctl can read or revise. Raises `Unavailable` for a newer one."""
    if found is not None and found > HEAD:
        raise Unavailable(f"the shared history is at revision {found}, this hotelctl knows {HEAD}: update it")


def _stands(connection: Connection) -> bool:
    """Whether some of the tables are there, and all of those as the newest revision has them."""
    seen, schema = inspect(connection), schema_of(connection)
    there = set(seen.get_table_names(schema=schema))
    mine = [one for one in tables(connection).all() if one.name in there]
    return bool(mine) and all(
        {column["name"] for column in seen.get_columns(one.name, schema=schema)} == set(one.columns.keys())
        for one in mine
    )


def _bring(connection: Connection, how: Literal["upgrade", "stamp"]) -> None:
    """To the newest revision: by making what that has, or by saying that it is there."""
    from alembic import command  # noqa: PLC0415 - read only where something is to be revised
    from alembic.config import Config  # noqa: PLC0415 - same
    from alembic.util import CommandError  # noqa: PLC0415 - same

    config = Config()
    place = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", place.replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        {"upgrade": command.upgrade, "stamp": command.stamp}[how](config, "head")
    except CommandError as error:
        raise Unavailable(f"the shared history cannot be revised: {error}") from error
