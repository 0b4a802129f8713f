"""The configured database, asked as its owner in read-only transactions."""

from collections.abc import Collection, Sequence

from hotelctl.config.database import Database
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.ledger import Ledger
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase, Role
from hotelctl.facts.migration_set import LEDGERS, MigrationSet
from hotelctl.facts.schema_text import LiveDump, LiveSchema
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.probes.context import Context
from hotelctl.probes.run_again import run_again

_SERVER = "SELECT current_database(), current_setting('server_version'), current_user"
_THERE = "SELECT to_regclass(%s) IS NOT NULL"
# What hangs on something else as its part ('i': a table's row type, a type's array) or as an extension's
# ('e') is left out, and so is the sequence of a column ('a').
_OBJECTS = """
SELECT o.kind || ' ' || n.nspname || '.' || o.name FROM (
  SELECT CASE c.relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'f' THEN 'foreign table'
    WHEN 'S' THEN 'sequence' ELSE 'table' END, c.relname, c.relnamespace, 'pg_class'::regclass, c.oid, 1
  FROM pg_class c
  WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    AND NOT (c.oid IS NOT DISTINCT FROM to_regclass(%s) AND %s::name[] <@ ARRAY(
      SELECT a.attname FROM pg_attribute a WHERE a.attrelid = c.oid AND NOT a.attisdropped))
    AND NOT (c.relkind = 'S' AND EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_class'::regclass
      AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass AND d.deptype = 'a'))
  UNION ALL
  SELECT CASE p.prokind WHEN 'p' THEN 'procedure' WHEN 'a' THEN 'aggregate' ELSE 'function' END,
    p.proname, p.pronamespace, 'pg_proc'::regclass, p.oid, 2
  FROM pg_proc p
  UNION ALL
  SELECT 'type', t.typname, t.typnamespace, 'pg_type'::regclass, t.oid, 3 FROM pg_type t
) o (kind, name, space, catalog, oid, rank) JOIN pg_namespace n ON n.oid = o.space
WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = o.catalog AND d.objid = o.oid
    AND d.objsubid = 0 AND d.deptype IN ('e', 'i'))
ORDER BY o.rank, 1
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
    url = context.database()
    server = _server(context, url, database.url_env)
    runtime = database.runtime_role
    return LiveDatabase(
        name=str(server[0]),
        server_version=str(server[1]),
        owner=_role(context, url, str(server[2])),
        revisions=_revisions(context, url),
        objects=_objects(context, url),
        runtime=_role(context, url, runtime) if runtime else None,
    )


def _revisions(context: Context, url: str) -> tuple[str, ...]:
    """Those that it has: what will be run again, for its file is another one now, is pending."""
    found = context.work.revisions(url)
    _require_named(found, url, context)
    changed = run_again(url, context) if found else frozenset()
    return tuple(one for one in found if one not in changed)


def _require_named(found: Collection[str], url: str, context: Context) -> None:
    """Return when they tell what it has. Raises `Unavailable` where a baseline stands for files."""
    migrations = context.configuration.spec.migrations
    layout = SQL_LAYOUTS.get(migrations.kind) if migrations else None
    if migrations is None or layout is None or not layout.baseline:
        return
    table = LEDGERS[migrations.kind].table
    if all(map(layout.again, found)) and context.databases.query(url, _THERE, (table,)).values[0][0]:
        for (version,) in context.databases.query(url, layout.baseline).values:
            raise Unavailable(f"{table} begins with a baseline at {version} and names no numbered file yet")


def _objects(context: Context, url: str) -> tuple[str, ...]:
    ledger = context.work.ledger() if context.configuration.spec.migrations else Ledger("", ())
    rows = context.databases.query(url, _OBJECTS, (ledger.table or None, list(ledger.columns)))
    return tuple(str(row[0]) for row in rows.values)


def _server(context: Context, url: str, variable: str) -> Sequence[object]:
    """Database, version and user. Raises `Unavailable` that names the variable to look at."""
    try:
        return context.databases.query(url, _SERVER).values[0]
    except Unavailable as trouble:
        raise Unavailable(f"{variable}: {trouble.reason}") from trouble


def live_dump(context: Context, known: MigrationSet, stand: DatabaseStand) -> LiveDump:
    """The schema of the live database, read once for all who ask.

    Raises:
        Unavailable: it cannot be read.

    """
    if stand.live is None or not stand.live.revisions:
        return LiveDump("")
    url, migrations = context.database(), context.configuration.spec.migrations

    def read() -> LiveDump:
        return LiveDump(context.databases.schema(url, owners=True))

    elsewhere = migrations is not None and migrations.shadow_url_env is not None
    if elsewhere or not known.above(stand.live.revisions):
        return read()
    # What is pending will be tried on a server that takes as long to be there.
    dump, _ = context.abreast.both(read, lambda: context.scratch.prepare(roles_of=url))
    return dump


def live_schema(context: Context, database: LiveDatabase, dump: LiveDump) -> LiveSchema:
    """The schema of the live database as text. Raises `NotApplicable` where nothing was ever migrated."""
    if not database.revisions:
        raise NotApplicable("the database was never migrated")
    migrations = context.configuration.spec.migrations
    claimed = database.revisions if migrations and migrations.kind == "alembic" else database.revisions[-1:]
    return LiveSchema(database.name, ", ".join(claimed), dump.text)


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
