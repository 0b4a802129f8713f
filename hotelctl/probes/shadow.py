"""A shadow of the live database: its schema, its roles by name, and what it says of its revisions."""

from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from urllib.parse import urlsplit

from hotelctl.config.release_env import database_identity, with_database
from hotelctl.core.errors import Unavailable
from hotelctl.core.work import Migrated
from hotelctl.facts.created_extensions import CreatedExtension
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import LEDGERS
from hotelctl.probes.context import Context

_OFFERED = "SELECT name FROM pg_catalog.pg_available_extensions WHERE name = ANY(%s)"
# To the microsecond: no two servers share it.
_STARTED = "SELECT pg_catalog.pg_postmaster_start_time()::text"
_VERSION = "SELECT current_setting('server_version')"
_NOT_EVERYWHERE = ("\\", "SET transaction_timeout")


@contextmanager
def shadow(schema: str, context: Context, wanted: Sequence[CreatedExtension] = ()) -> Iterator[str]:
    """The superuser's URL of a throw-away database; `schema` is the live dump, empty for an empty one.

    It is never on the server of the live database.

    Raises:
        Unavailable: it cannot be made, or its server does not offer an extension that is `wanted`.
        StepFailed: the dump does not load there.

    """
    with _place(schema, context) as url:
        _require_extensions(url, wanted, context)
        if schema:
            context.databases.execute(url, _plain(schema))
            _copy_ledger(context, url)
        yield url


def _place(schema: str, context: Context) -> AbstractContextManager[str]:
    """On the server that the service file names for it, which has roles and extensions of its own."""
    migrations = context.configuration.spec.migrations
    variable = migrations.shadow_url_env if migrations else None
    if variable is None:
        return context.scratch.apart("shadow", roles_of=context.database() if schema else None)
    url = context.release_env.get(variable) or context.environ.get(variable)
    if not url:
        raise Unavailable(f"{variable}, which migrations.shadow_url_env names, is not set")
    if context.database_url and _is_live(url, schema, context):
        raise Unavailable(f"{variable} names the live database's server: no migration is tried there")
    return context.scratch.on(url, "shadow")


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
    # The shadow's name helps nobody: it is gone by the time that this is read.
    why = done.why.replace(f"{urlsplit(url).path.removeprefix('/')}: ", "")
    return Migrated(
        done.ok, done.revision, done.applied, "" if done.ok else why or "it failed without a word"
    )


def _require_extensions(url: str, wanted: Sequence[CreatedExtension], context: Context) -> None:
    """Return when the shadow offers all of them. Raises `Unavailable` that names those it lacks."""
    names = sorted({one.name for one in wanted})
    if not names:
        return
    offered = {row[0] for row in context.databases.query(url, _OFFERED, (names,)).values}
    lacking = [name for name in names if name not in offered]
    if lacking:
        first = {one.name: one for one in reversed(wanted)}
        named = ", ".join(f"{name} ({_asked_by(first[name])})" for name in lacking)
        server = context.databases.query(url, _VERSION).values[0][0]
        raise Unavailable(
            f"the migrations were not run: the throw-away PostgreSQL {server} does not offer {named}; name a "
            "server that does by migrations.shadow_url_env"
        )


def _asked_by(one: CreatedExtension) -> str:
    return f"{one.path}:{one.line}" if one.path else "in the live schema"


def _copy_ledger(context: Context, url: str) -> None:
    """The shadow says of itself which revisions it has, as the live database does."""
    kind = context.configuration.spec.migrations.kind if context.configuration.spec.migrations else ""
    ledger = LEDGERS[kind]
    names, holes = ", ".join(ledger.columns), ", ".join(["%s"] * len(ledger.columns))
    rows = context.databases.query(context.database(), f"SELECT {names} FROM {ledger.table}").values  # noqa: S608 - fixed names
    for row in rows:
        context.databases.execute(url, f"INSERT INTO {ledger.table} ({names}) VALUES ({holes})", row)  # noqa: S608 - same


def _plain(schema: str) -> str:
    """A dump without the words that only psql, or only a newer server, understands."""
    return "\n".join(line for line in schema.splitlines() if not line.startswith(_NOT_EVERYWHERE))
