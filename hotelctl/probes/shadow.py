"""A shadow of the live database: its schema, its roles and rights, and what it says of its revisions."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit

from hotelctl.config.release_env import database_identity, with_database
from hotelctl.core.errors import NotOffered, StepFailed, Unavailable
from hotelctl.core.work import Migrated
from hotelctl.facts.created_extensions import CreatedExtension, created_extensions
from hotelctl.facts.migrating_role import MIGRATING_ROLE, MigratingRole, at_home, migrating_role
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import LEDGERS
from hotelctl.facts.server_roles import LENT
from hotelctl.facts.sql_layout import OWN_LEDGER, SQL_LAYOUTS
from hotelctl.probes.context import Context
from hotelctl.probes.run_again import run_again
from hotelctl.probes.throw_away import entered

_OFFERED = "SELECT name FROM pg_catalog.pg_available_extensions WHERE name = ANY(%s)"
# To the microsecond: no two servers share it.
_STARTED = "SELECT pg_catalog.pg_postmaster_start_time()::text"
_VERSION = "SELECT current_setting('server_version')"
_MAJOR = "SELECT current_setting('server_version_num')::int / 10000"
_OTHERS = """
SELECT rolname FROM pg_catalog.pg_roles WHERE rolname = ANY(%s)
  AND pg_catalog.shobj_description(oid, 'pg_authid') IS DISTINCT FROM %s
"""
_NOT_EVERYWHERE = ("\\", "SET transaction_timeout")
# By these the shadow would reach other servers: a foreign table changes what it reaches live, and a database
# with a subscription cannot be dropped.
_WAY_OUT = re.compile(
    r"""(?:(?<=--\n\n)(?:CREATE\ (?:USER\ MAPPING\ FOR|SUBSCRIPTION)|COMMENT\ ON\ SUBSCRIPTION)
    |(?<=\n\n)ALTER\ SUBSCRIPTION)\ (?:[^'";]|'(?:[^']|'')*'|"(?:[^"]|"")*")*;\n""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Shadow:
    """`url` is its superuser's, `entry` that of whoever migrates there: the live `role` where it is known.

    `unproven` is why what it may do there is not what it may do live, empty where it is, or where no live
    database is. `provider` shows that the live server lets roles do more than PostgreSQL says.
    """

    url: str
    entry: str
    role: str = ""
    unproven: str = ""
    provider: str = ""


@contextmanager
def shadow(
    schema: str, context: Context, wanted: Sequence[CreatedExtension] = (), *, trusted: bool = False
) -> Iterator[Shadow]:
    """A throw-away database; `schema` is the live dump with owners, empty for an empty one.

    It is never on the server of the live database. If it is `trusted`, a superuser migrates.

    Raises:
        Unavailable: it cannot be made, or its server does not offer an extension that is `wanted`.
        StepFailed: the dump does not load there.

    """
    asked = (*created_extensions("", schema.encode()), *wanted)
    with _place(schema, asked, context) as url:
        if not schema:
            yield Shadow(url, url)
            return
        ownerless = _loaded(schema, url, context)
        made = Shadow(url, url, unproven=ownerless) if trusted or ownerless else _entered(url, context)
        _copy_ledger(context, made.entry)
        yield made


@contextmanager
def _place(schema: str, wanted: Sequence[CreatedExtension], context: Context) -> Iterator[str]:
    """On the server that the service file names for it, else on one that offers what is wanted."""
    roles_of = context.database() if schema else None
    variable = _variable(context)
    if variable is None:
        with _offering(wanted, roles_of, context) as url:
            yield url
        return
    given = context.release_env.get(variable) or context.environ.get(variable)
    if not given:
        raise Unavailable(f"{variable}, which migrations.shadow_url_env names, is not set")
    if context.database_url and _is_live(given, schema, context):
        raise Unavailable(f"{variable} names the live database's server: no migration is tried there")
    with context.scratch.on(given, "shadow", roles_of=roles_of) as made:
        _require_extensions(made, wanted, context)
        yield made


@contextmanager
def _offering(wanted: Sequence[CreatedExtension], roles_of: str | None, context: Context) -> Iterator[str]:
    names = frozenset(one.name for one in wanted)
    try:
        with context.scratch.apart("shadow", roles_of=roles_of, offering=names) as url:
            yield url
    except NotOffered as trouble:
        lacking = f"the throw-away PostgreSQL {trouble.server} does not offer {_named(trouble.names, wanted)}"
        raise Unavailable(
            f"the migrations were not run: {lacking}, and "
            f"no container stands in: {trouble.why}; name a server that does by migrations.shadow_url_env"
        ) from trouble


def _variable(context: Context) -> str | None:
    migrations = context.configuration.spec.migrations
    return migrations.shadow_url_env if migrations else None


def _loaded(schema: str, url: str, context: Context) -> str:
    """The dump is in the shadow; why it is there without its owners, empty where it has them."""
    try:
        context.databases.execute(url, _plain(schema))
    except StepFailed as failed:
        context.databases.execute(url, _plain(context.databases.schema(context.database())))
        return f"the live schema does not load with its owners: {_nameless(failed.message, url)}"
    return ""


def _entered(url: str, context: Context) -> Shadow:
    """The shadow as whoever migrates the live database enters it, with the same rights."""
    try:
        rows = context.databases.query(context.database(), MIGRATING_ROLE).values
    except Unavailable as trouble:
        return Shadow(url, url, unproven=f"who migrates live is not known: {trouble.reason}")
    if not rows:
        return Shadow(url, url, unproven="who migrates live is not known: pg_roles has no row of it")
    role = migrating_role(rows[0])
    if others := _others(role, url, context):
        if role.superuser:
            return Shadow(url, url, role.acting)
        why = f"{_variable(context)} names a server with a role {others[0]} of its own: a superuser migrated"
        return Shadow(url, url, unproven=f"{why}, and {role.acting} may do less live")
    major = int(context.databases.query(url, _MAJOR).values[0][0])
    statements = at_home(role, database_of(url), major)
    context.databases.execute(url, ";\n".join(statements))
    return Shadow(url, entered(url, role.login, context), role.acting, provider=role.provider)


def _others(role: MigratingRole, url: str, context: Context) -> tuple[str, ...]:
    """Of the roles that migrate, those that the server of a shadow has for somebody else."""
    if _variable(context) is None:
        return ()
    asked = (sorted({role.login, role.acting}), LENT)
    return tuple(str(name) for (name,) in context.databases.query(url, _OTHERS, asked).values)


def _is_live(url: str, schema: str, context: Context) -> bool:
    """Whether both are one server: by their addresses or, of a live one, by when they started."""
    if _server(url) == _server(context.database_url or ""):
        return True
    if not schema:
        return False
    started = {context.databases.query(one, _STARTED).values[0][0] for one in (url, context.database())}
    return len(started) == 1


def _server(url: str) -> str:
    """Its address as it is written: one that is written in two ways is two."""
    return database_identity(with_database(url, "any"))


def migrated_on(url: str, way: str, place: MigrationPlace, context: Context) -> Migrated:
    """The pending migrations have run on the shadow `url`, which they reach by `way`."""
    venv = place.venv or context.workspace
    done = context.work.migrate(venv, place.source, way, context.release_env)
    why = _nameless(done.why, url)
    return Migrated(
        done.ok, done.revision, done.applied, "" if done.ok else why or "it failed without a word"
    )


def _nameless(words: str, url: str) -> str:
    """The shadow's name helps nobody: it is gone by the time that this is read."""
    return words.replace(f"{database_of(url)}: ", "")


def database_of(url: str) -> str:
    """The name of the database that a URL leads to."""
    return unquote(urlsplit(url).path.removeprefix("/"))


def _require_extensions(url: str, wanted: Sequence[CreatedExtension], context: Context) -> None:
    """Return when the shadow offers all of them. Raises `Unavailable` that names those it lacks."""
    names = sorted({one.name for one in wanted})
    if not names:
        return
    offered = {row[0] for row in context.databases.query(url, _OFFERED, (names,)).values}
    lacking = [name for name in names if name not in offered]
    if lacking:
        server = context.databases.query(url, _VERSION).values[0][0]
        raise Unavailable(
            f"the migrations were not run: PostgreSQL {server} at {_variable(context)} does not offer "
            f"{_named(lacking, wanted)}"
        )


def _named(names: Sequence[str], wanted: Sequence[CreatedExtension]) -> str:
    """Each with where it is asked for first."""
    first = {one.name: one for one in reversed(wanted)}
    return ", ".join(f"{name} ({_asked_by(first[name])})" for name in names)


def _asked_by(one: CreatedExtension) -> str:
    return f"{one.path}:{one.line}" if one.path else "in the live schema"


def _copy_ledger(context: Context, url: str) -> None:
    """The shadow says of itself which revisions it has, as the live database does."""
    kind = context.configuration.spec.migrations.kind if context.configuration.spec.migrations else ""
    ledger = LEDGERS["sql"] if kind in SQL_LAYOUTS else context.work.ledger()
    names, holes = ", ".join(ledger.columns), ", ".join(["%s"] * len(ledger.columns))
    ask = SQL_LAYOUTS[kind].applied if kind in SQL_LAYOUTS else f"SELECT {names} FROM {ledger.table}"  # noqa: S608 - fixed names
    rows = context.databases.query(context.database(), ask).values
    changed = run_again(context.database(), context) if rows else frozenset()
    if kind in SQL_LAYOUTS and kind != "sql":
        # The other tool's own ledger wants columns that only it fills.
        context.databases.execute(url, OWN_LEDGER)
    for row in (one for one in rows if one[0] not in changed):
        context.databases.execute(url, f"INSERT INTO {ledger.table} ({names}) VALUES ({holes})", row)  # noqa: S608 - same


def _plain(schema: str) -> str:
    """A dump without ways to other servers, and the words that only psql or a newer server understands."""
    inside = _WAY_OUT.sub("", schema)
    return "\n".join(line for line in inside.splitlines() if not line.startswith(_NOT_EVERYWHERE))
