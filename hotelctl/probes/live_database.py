"""The configured database, asked as its owner in read-only transactions."""

from collections.abc import Sequence

from hotelctl.config.service import Database
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.schema_text import LiveSchema
from hotelctl.probes.context import Context

_SERVER = "SELECT current_database(), current_setting('server_version'), current_user"
_TABLES = """
SELECT n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'hotelctl')
  AND n.nspname NOT LIKE 'pg\\_%' AND c.relname NOT IN ('alembic_version', 'schema_migrations')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = c.oid AND d.deptype = 'e')
ORDER BY 1
"""
_ROLE = """
SELECT r.rolcanlogin, r.rolsuper, r.rolbypassrls, pg_has_role(r.oid, d.datdba, 'MEMBER')
FROM pg_roles r, pg_database d WHERE r.rolname = %s AND d.datname = current_database()
"""
_OWNS = """
SELECT n.nspname || '.' || c.relname FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_roles r ON r.oid = c.relowner
WHERE r.rolname = %s AND c.relkind IN ('r', 'p') ORDER BY 1
"""


def database_stand(context: Context) -> DatabaseStand:
    """What the database says of itself, or why nothing is known of it."""
    database = context.configuration.spec.database
    if database is None:
        return DatabaseStand(None)
    try:
        return DatabaseStand(_asked(context, database))
    except Unavailable as trouble:
        return DatabaseStand(None, trouble.reason)


def live_database(context: Context, stand: DatabaseStand) -> LiveDatabase:
    """What the database says of itself. Raises `Unavailable` without one or when it cannot be asked."""
    if stand.live is not None:
        return stand.live
    raise Unavailable(stand.why) if stand.why else NotApplicable(context.configuration.names_no("database"))


def _asked(context: Context, database: Database) -> LiveDatabase:
    url = _url(context)
    server = _server(context, url, database.url_env)
    tables = context.databases.query(url, _TABLES)
    runtime = database.runtime_role
    return LiveDatabase(
        name=str(server[0]),
        server_version=str(server[1]),
        owner=_role(context, url, str(server[2])),
        revisions=context.work.revisions(url),
        tables=tuple(str(row[0]) for row in tables.values),
        runtime=_role(context, url, runtime) if runtime else None,
    )


def _server(context: Context, url: str, variable: str) -> Sequence[object]:
    """Database, version and user. Raises `Unavailable` that names the variable to look at."""
    try:
        return context.databases.query(url, _SERVER).values[0]
    except Unavailable as trouble:
        raise Unavailable(f"{variable}: {trouble.reason}") from trouble


def live_schema(context: Context, database: LiveDatabase) -> LiveSchema:
    """The schema of the live database as text."""
    revision = database.revisions[-1] if database.revisions else None
    return LiveSchema(database.name, revision, context.databases.schema(_url(context)))


def _url(context: Context) -> str:
    if context.database_url is None:
        raise Unavailable("no database is configured for this environment")
    return context.database_url


def _role(context: Context, url: str, name: str) -> Role:
    found = context.databases.query(url, _ROLE, (name,)).values
    if not found:
        return Role(name)
    owned = tuple(str(row[0]) for row in context.databases.query(url, _OWNS, (name,)).values)
    can_log_in, superuser, bypasses, member = (bool(value) for value in found[0])
    return Role(
        name,
        exists=True,
        can_log_in=can_log_in,
        superuser=superuser,
        bypasses_rls=bypasses,
        owns=owned,
        member_of_owner=member and not superuser,
    )
