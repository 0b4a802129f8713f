"""The limits of the database server, and what the service may open."""

from hotelctl.config.database import Database
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Location
from hotelctl.facts.connection_room import ConnectionRoom, limits
from hotelctl.probes.context import Context

# Superusers and, from PostgreSQL 16 on, pg_use_reserved_connections have some of their own. Connections of
# the service itself are left out: they are those that its pool may open. Who may not see what others do
# (no pg_monitor) reads NULL for their backend_type: what is in a database counts then, rather too much.
_LIMITS = """
SELECT current_database(), who.name, current_setting('max_connections')::int,
  current_setting('superuser_reserved_connections')::int
    + coalesce(current_setting('reserved_connections', true), '0')::int,
  (SELECT count(*) FROM pg_stat_activity WHERE datid IS NOT NULL
    AND coalesce(backend_type, 'client backend') = 'client backend'
    AND NOT (datname = current_database() AND usename IN (who.name, current_user)))::int,
  (SELECT datconnlimit FROM pg_database WHERE datname = current_database()),
  coalesce((SELECT rolconnlimit FROM pg_roles WHERE rolname = who.name), -1)
FROM (SELECT coalesce(%s::name, current_user) AS name) who
"""


def connection_room(context: Context) -> ConnectionRoom:
    """What a deploy may open at its height, and the limits.

    Raises:
        NotApplicable: the service file says nothing of a pool.
        Unavailable: the variable of its size holds no number, or the database cannot be asked.

    """
    database = context.configuration.spec.database
    if database is None or (database.pool_size is None and database.pool_env is None):
        raise NotApplicable(context.configuration.names_no("connection pool, [database] pool_size"))
    size, place = _pool(context, database)
    (row,) = context.databases.query(context.database(), _LIMITS, (database.runtime_role,)).values
    name, role = str(row[0]), str(row[1])
    most, reserved, taken, of_database, of_role = (int(value) for value in row[2:])
    found = limits(
        most=most, reserved=reserved, taken=taken, database=of_database, role=of_role, role_name=role
    )
    return ConnectionRoom(name, size, place, found, taken)


def _pool(context: Context, database: Database) -> tuple[int, Location]:
    """The connections of one instance, and where that stands."""
    variable, size = database.pool_env, database.pool_size
    source = context.configuration.source("database.pool_env" if variable else "database.pool_size")
    place = Location(source.path, source.line)
    said = context.release_env.get(variable) if variable else None
    if said is None:
        if size is None:
            raise Unavailable(f"{place}: {variable} is not set, and no [database] pool_size stands for it")
        return size, place
    try:
        return int(said), place
    except ValueError as error:
        raise Unavailable(f"{place}: {variable} holds no number") from error
