"""The version, extensions and timeouts of the live database server."""

from hotelctl.facts.created_extensions import CreatedExtension, created_extensions
from hotelctl.facts.live_database import LiveDatabase
from hotelctl.facts.migration_set import PATTERNS
from hotelctl.facts.server_fit import IDLE, LOCK, STATEMENT, ServerFit, milliseconds
from hotelctl.probes.context import Context

# An extension that was created may have lost its files since; it is there all the same.
_OFFERED = """
SELECT name FROM pg_catalog.pg_available_extensions WHERE name = ANY(%s)
UNION SELECT extname FROM pg_catalog.pg_extension WHERE extname = ANY(%s)
"""
# What is set for the role in this database goes first, then for the role, for the database, for all.
_TIMEOUTS = """
SELECT s.name, s.reset_val, s.source, (
  SELECT substr(one, strpos(one, '=') + 1)
  FROM pg_catalog.pg_db_role_setting d CROSS JOIN unnest(d.setconfig) one
  WHERE d.setrole IN (0, who.oid) AND d.setdatabase IN (0, here.oid) AND split_part(one, '=', 1) = s.name
  ORDER BY d.setrole <> 0 DESC, d.setdatabase <> 0 DESC LIMIT 1)
FROM pg_catalog.pg_settings s
JOIN pg_catalog.pg_database here ON here.datname = current_database()
LEFT JOIN pg_catalog.pg_roles who ON who.rolname = %s
WHERE s.name = ANY(%s) ORDER BY s.name
"""
# Where else our own session has a value from, other roles have none.
_FOR_ALL = ("default", "configuration file", "command line", "environment variable")


def server_fit(context: Context, live: LiveDatabase) -> ServerFit:
    """What the live server is, and what the migrations and the run-time role ask of it."""
    role = live.runtime or live.owner
    wanted = _wanted(context)
    return ServerFit(
        database=live.name,
        version=live.server_version,
        shadow_major=context.scratch.major(int(live.server_version.split(".")[0])),
        role=role.name,
        timeouts_ms=_timeouts(context, role.name) if role.exists else {},
        wanted=wanted,
        offered=_offered(context, sorted({one.name for one in wanted})),
    )


def _timeouts(context: Context, role: str) -> dict[str, float | None]:
    names = [STATEMENT, LOCK, IDLE]
    found: dict[str, float | None] = dict.fromkeys(names)
    for name, ours, source, own in context.databases.query(
        context.database(), _TIMEOUTS, (role, names)
    ).values:
        said = own if own is not None else ours if source in _FOR_ALL else None
        found[str(name)] = None if said is None else milliseconds(str(said))
    return found


def _wanted(context: Context) -> tuple[CreatedExtension, ...]:
    migrations, project = context.configuration.spec.migrations, context.configuration.project
    if migrations is None or migrations.kind not in PATTERNS:
        return ()
    paths = context.files.glob(project / migrations.directory, PATTERNS[migrations.kind])
    found = (created_extensions(str(path.relative_to(project)), context.files.read(path)) for path in paths)
    return tuple(one for several in found for one in several)


def _offered(context: Context, names: list[str]) -> frozenset[str]:
    if not names:
        return frozenset()
    rows = context.databases.query(context.database(), _OFFERED, (names, names)).values
    return frozenset(str(row[0]) for row in rows)
