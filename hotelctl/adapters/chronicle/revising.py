"""The shared history at its newest revision; Alembic is read only where something is to be revised."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from hotelctl.adapters.chronicle.tables import HEAD, SCHEMA, schema_of
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


def revise(connection: Connection) -> None:
    """The database is at the newest revision; nothing is committed.

    Raises:
        Unavailable: a newer hotelctl has revised it already.

    """
    if schema_of(connection) is not None:
        connection.execute(text(f"SELECT pg_advisory_xact_lock({_KEY})"))
        # Whoever may not make schemas may still use one that was made for them.
        if connection.execute(text(f"SELECT to_regnamespace('{SCHEMA}')")).scalar() is None:
            connection.execute(text(f"CREATE SCHEMA {SCHEMA}"))
    found = revision(connection)
    if found == HEAD:
        return
    require_known(found)
    _upgrade(connection)


def require_known(found: str | None) -> None:
    """Return for a revision that this hotelctl can read or revise. Raises `Unavailable` for a newer one."""
    if found is not None and found > HEAD:
        raise Unavailable(f"the shared history is at revision {found}, this hotelctl knows {HEAD}: update it")


def _upgrade(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415 - read only where something is to be revised
    from alembic.config import Config  # noqa: PLC0415 - same
    from alembic.util import CommandError  # noqa: PLC0415 - same

    config = Config()
    place = str(Path(__file__).with_name("migrations"))
    config.set_main_option("script_location", place.replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, "head")
    except CommandError as error:
        raise Unavailable(f"the shared history cannot be revised: {error}") from error
