"""Schemas that the migrations build from empty, in scratch databases that are gone afterwards."""

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from hotelctl.core.errors import StepFailed, Unavailable
from hotelctl.facts.live_database import DatabaseStand, LiveDatabase
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.facts.migration_set import LEDGERS, MigrationSet, position
from hotelctl.facts.old_model import Drift, drift
from hotelctl.facts.schema_text import BuiltSchema, LiveSchema, SchemaAtLive, differences
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.facts.tenant_guards import TenantGuards
from hotelctl.probes.context import Context
from hotelctl.probes.needed_extensions import needed_extensions
from hotelctl.probes.run_again import run_again
from hotelctl.probes.shadow import shadow
from hotelctl.probes.tenant_guards import read_guards

_NOT_OFFERED = re.compile(r'extension "([^"]+)" is not available')


def built_schema(
    context: Context, known: MigrationSet, place: MigrationPlace, stand: DatabaseStand
) -> BuiltSchema:
    """An upgrade from empty to the newest revision, and what the service says of its model there.

    SQL files are transactions of their own, so that a halt at the live database's revision changes nothing;
    those of Alembic may be one, and are run in one go as a new database would be made.
    """
    venv = place.venv or context.workspace
    with context.scratch.scratch("built", offering=needed_extensions(known, context)) as url:
        at_live, halt = None, _halt(known, stand)
        done = context.work.migrate(venv, place.source, url, context.release_env, halt)
        if halt and done.ok:
            at_live = context.databases.schema(url)
            done = context.work.migrate(venv, place.source, url, context.release_env)
        if not done.ok:
            _require_offered(context, done.why)
            return BuiltSchema(done.why or "it failed without a word", done.revision, "", at_live=at_live)
        # Each only reads, and the service takes a second to load.
        model, (text, guards) = context.abreast.both(
            lambda: context.work.check_model(venv, url, context.release_env),
            lambda: (context.databases.schema(url), _guards(context, url)),
        )
    if model is None:
        return BuiltSchema("", done.revision, text, guards=guards, at_live=at_live)
    if model.exit_code is None:
        raise Unavailable("the model check did not end by itself")
    return BuiltSchema("", done.revision, text, model.exit_code, model.tail(), model.argv, guards, at_live)


def _halt(known: MigrationSet, stand: DatabaseStand) -> str | None:
    """The live database's revision, where all files that are pending come behind it."""
    layout, live = SQL_LAYOUTS.get(known.kind), stand.live.revisions if stand.live else ()
    if layout is None or not set(live[-1:]) & known.ids:
        return None
    pending = known.above(live)
    return live[-1] if pending and all(layout.before(live[-1], one) for one in pending) else None


def _require_offered(context: Context, why: str) -> None:
    """Return where the migrations are to blame. Raises `Unavailable` where our own server is too bare."""
    lacking = _NOT_OFFERED.search(why)
    if lacking and context.database_url is None:
        raise Unavailable(
            f"the throw-away PostgreSQL does not offer the extension {lacking[1]}; where a database is "
            "configured, its own server is taken"
        )


def _guards(context: Context, url: str) -> TenantGuards | None:
    """What keeps tenants apart there; None where the service file names no column that tells them."""
    spec = context.configuration.spec
    if spec.database is None or not spec.security.tenant_columns:
        return None
    role = spec.database.runtime_role
    return read_guards(context.databases, url, role, spec.security.tenant_columns)


def schema_at_live(
    context: Context,
    live: LiveDatabase,
    there: LiveSchema,
    known: MigrationSet,
    built: BuiltSchema,
    place: MigrationPlace,
) -> SchemaAtLive:
    """What the migrations build up to the live database's revisions, of which there are several in a fork."""
    claimed = live.revisions if known.kind == "alembic" else live.revisions[-1:]
    named = ", ".join(claimed)
    if unknown := [one for one in claimed if one not in known.ids]:
        raise Unavailable(f"the database is at {', '.join(unknown)}, which is no migration of this checkout")
    early = _early(known, live, claimed)
    _require_as_they_ran(context)
    is_same = known.kind != "alembic" or not differences(built.text, there.text)
    if not early and built.ok and built.revision == position(known.kind, claimed) and is_same:
        return SchemaAtLive(named, "", built.text, ledgers=_ledgers(known))
    if built.at_live is not None:
        return SchemaAtLive(named, "", built.at_live, ledgers=_ledgers(known))
    venv = place.venv or context.workspace
    source = _without(known, known.above(live.revisions), place, context) if early else place.source
    with context.scratch.scratch("live", offering=needed_extensions(known, context)) as url:
        for revision in claimed:
            done = context.work.migrate(venv, source, url, context.release_env, revision)
            if not done.ok:
                return SchemaAtLive(named, done.why or "it failed without a word", "")
        text = context.databases.schema(url)
        drifted = _named(url, there.text, place, context) if differences(text, there.text) else ()
        return SchemaAtLive(named, "", text, drifted, _ledgers(known))


def _early(known: MigrationSet, live: LiveDatabase, claimed: Sequence[str]) -> frozenset[str]:
    """What is pending although files that run behind it are there, as those are that run again."""
    layout = SQL_LAYOUTS.get(known.kind)
    if layout is None:
        return frozenset()
    pending = known.above(live.revisions)
    return frozenset(one for one in pending if any(layout.before(one, last) for last in claimed))


def _require_as_they_ran(context: Context) -> None:
    """Return when no file is another one than when it was run live. Raises `Unavailable` that names those."""
    if names := ", ".join(sorted(run_again(context.database(), context))):
        raise Unavailable(
            f"the files of now do not build what lives: {names} was changed since it ran, and its tool will "
            "run it again behind all others"
        )


def _without(known: MigrationSet, pending: Collection[str], place: MigrationPlace, context: Context) -> Path:
    """A copy of the files that the live database has, and of no others."""
    copy = context.workspace / "lived"
    for one in known.revisions:
        if one.id not in pending:
            context.files.write_durable(copy / one.path, context.files.read(place.source / one.path))
    return copy


def _ledgers(known: MigrationSet) -> tuple[str, ...]:
    """What stands in for each other where the migrations are another tool's."""
    if known.kind in {"alembic", "sql"}:
        return ()
    return tuple(LEDGERS[kind].table for kind in (known.kind, "sql"))


def _named(url: str, live: str, place: MigrationPlace, context: Context) -> tuple[Drift, ...]:
    """What Alembic calls the differences of a copy of the live schema from what is built at `url`.

    Nothing where it cannot be asked: the dumps have decided already. The models are never led to the live
    database itself.
    """
    work, venv = context.work, place.venv or context.workspace
    expected = work.compare_models(venv, place.source, url, context.release_env)
    if expected is None:
        return ()
    try:
        with shadow(live, context) as copy:
            found = work.compare_models(venv, place.source, copy.url, context.release_env)
        return drift(expected.stdout, found.stdout) if found else ()
    except (StepFailed, Unavailable, ValueError):
        return ()
