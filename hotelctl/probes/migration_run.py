"""The migrations that are pending, run on a shadow of the live schema and watched."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.artifact import Export
from hotelctl.facts.created_extensions import CreatedExtension, created_by
from hotelctl.facts.installation import Installation
from hotelctl.facts.live_database import DatabaseStand
from hotelctl.facts.migration_run import (
    MigrationPlace,
    MigrationRun,
    Placed,
    no_questions,
    not_taken,
    placed,
    questions,
    refused_by_rows,
    watched,
    written,
)
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.facts.migration_trace import Trace, noted_revision, renamed
from hotelctl.facts.schema_text import LiveDump
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.facts.sql_split import first_words
from hotelctl.probes.context import Context
from hotelctl.probes.migration_way import require_way
from hotelctl.probes.old_statements import NOT_ASKED, Ended, asked_before, old_statements
from hotelctl.probes.shadow import Shadow, database_of, migrated_on, shadow

_DATA = ("22", "23")
_RIGHTS = "42501"
_ROWS = 20
# Behind rows as in real life: rows that meet whatever can be met, and none.
_AGAIN = (_ROWS, 0)
# A row that is there already says nothing of a rule.
_SEEDING = frozenset({"insert", "copy"})
_VERSION = "SELECT current_setting('server_version')"
# `reltuples` is what the last ANALYZE found, -1 before the first: a table that was filled since is as large
# as its file, of which nothing else is known than that a row of a hundred bytes is no large one. A small file
# that nobody ever looked into stays unknown.
_SIZES = """
WITH sized AS (
  SELECT c.oid, CASE WHEN c.relpages > 0
    THEN greatest(c.reltuples, 0) * (f.bytes / current_setting('block_size')::float8 / c.relpages)
    WHEN f.bytes > 1000000 THEN greatest(pg_catalog.pg_stat_get_live_tuples(c.oid), f.bytes / 100)
    ELSE pg_catalog.pg_stat_get_live_tuples(c.oid) END AS rows
  FROM pg_catalog.pg_class c CROSS JOIN LATERAL (SELECT pg_catalog.pg_relation_size(c.oid) AS bytes) f
  WHERE c.relkind IN ('r', 'm') AND (c.reltuples >= 0 OR f.bytes > 1000000))
SELECT format('%I.%I', n.nspname, c.relname), s.rows::int8
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
CROSS JOIN LATERAL (
  SELECT sum(z.rows) AS rows FROM sized z WHERE z.oid = c.oid OR c.relkind = 'p' AND z.oid IN (
    SELECT t.relid FROM pg_catalog.pg_partition_tree(c.oid) t)) s
WHERE c.relkind IN ('r', 'p', 'm') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  AND s.rows IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class _Ground:
    """What the shadow is before the migrations run: in words, as a dump, at which revisions.

    `rows` are those that live there by table.
    """

    words: str
    schema: str = ""
    rows: Mapping[str, int] = field(default_factory=dict)
    there: tuple[str, ...] = ()


_EMPTY = _Ground("an empty database, one revision after the other")


def migration_place(
    context: Context, known: MigrationSet, installed: Installation, export: Export
) -> MigrationPlace:
    """The release's own environment, in which its own program runs them."""
    migrations = context.configuration.spec.migrations
    if known.kind not in SQL_LAYOUTS and not (migrations and migrations.command):
        raise Unavailable(context.configuration.lacks("migrations.command", "they cannot be run"))
    if installed.install_exit != 0:
        raise Unavailable("the release could not be installed, so its migrations cannot run")
    require_way(export.path, installed.venv, context)
    return MigrationPlace(export.path, installed.venv)


def migration_run(
    context: Context, known: MigrationSet, stand: DatabaseStand, place: MigrationPlace, dump: LiveDump
) -> MigrationRun:
    """What the pending migrations do to a shadow of the live schema.

    Where no database lives that was ever migrated, all of them run from empty, each as if those before it
    were long done, and the newest counts; with --since, whatever the change touches.

    Raises:
        NotApplicable: nothing is pending.
        Unavailable: the shadow cannot be made.

    """
    if stand.why:
        raise Unavailable(stand.why)
    live = stand.live
    if live is None or not live.revisions:
        return _from_empty(context, known, place)
    pending = known.above(live.revisions)
    if not pending:
        raise NotApplicable(f"no migration is pending: {live.name} is at {', '.join(live.revisions)}")
    sizes = {
        str(name): int(rows) for name, rows in context.databases.query(context.database(), _SIZES).values
    }
    words = f"the schema of {live.name} at {', '.join(live.revisions)}"
    ground = _Ground(words, dump.text, sizes, live.revisions)
    # Their statements will be shown to a program.
    run, _ = context.abreast.both(
        lambda: _watched(context, known, place, pending, ground), context.tools.look
    )
    return run


def _from_empty(context: Context, known: MigrationSet, place: MigrationPlace) -> MigrationRun:
    touched = context.change.touched if context.change else frozenset()
    changed = [one.id for one in known.revisions if one.path in touched]
    counting = tuple(changed) if context.change else known.heads
    if not counting:
        raise NotApplicable("the change touches no migration, and no database lives here")
    return _watched(context, known, place, counting, _EMPTY)


def _watched(
    context: Context,
    known: MigrationSet,
    place: MigrationPlace,
    counting: tuple[str, ...],
    ground: _Ground,
) -> MigrationRun:
    paths = {one.path for one in known.revisions}
    project = context.configuration.project
    sources = {path: context.files.read(project / path) for path in sorted(paths)}
    run = {one.path for one in known.revisions if not ground.schema or one.id in counting}
    wanted = created_by({path: sources[path] for path in run})

    def once(rows: int, *, plain: bool) -> tuple[_Ran, tuple[Placed, ...]]:
        ran = _run(context, place, ground.schema, wanted, rows, plain=plain)
        return ran, placed(ran.traces, known, sources, ground.there, live=bool(ground.schema))

    refused: dict[str, str] = {}
    ran, found = once(_ROWS, plain=False)
    for rows in _AGAIN:
        if not _failed_on_data(ran.traces):
            break
        # What stands in the way may be the made-up rows themselves.
        refused |= {sql: told for each in found for sql, told in refused_by_rows(each)}
        ran, found = once(rows, plain=True)
    return _judged(ran, found, refused, counting, ground)


def _judged(
    ran: "_Ran",
    found: Sequence[Placed],
    refused: Mapping[str, str],
    counting: tuple[str, ...],
    ground: _Ground,
) -> MigrationRun:
    asked = tuple(one for each in found for one in questions(each))
    answered = {one.sql for one in asked}
    unasked = [told for sql, told in refused.items() if sql not in answered and _word(sql) not in _SEEDING]
    unasked += [told for each in found for told in (*no_questions(each), *not_taken(each))]
    return MigrationRun(
        ground=ground.words,
        server=ran.server,
        revisions=counting,
        statements=sum(len(trace.statements) for trace in ran.traces),
        found=written(found, frozenset(counting)),
        stopped=ran.stopped or _unrun(found, counting),
        rows=ground.rows,
        broken=ran.ended.broken,
        replayed=ran.ended.replayed,
        stale=ran.ended.stale,
        watched=watched(found, frozenset(counting)),
        questions=asked if ground.schema else (),
        unasked=tuple(unasked) if ground.schema else (),
        role=ran.made.role,
        unproven=ran.made.unproven,
    )


def _unrun(found: Sequence[Placed], counting: Sequence[str]) -> str:
    """Why revisions that count were not seen to their end: one in the work tree alone does not run at all."""
    ran = {at.revision for one in found for at in one.places}
    if missing := [one for one in counting if one not in ran]:
        return f"{', '.join(missing)} did not run: only what is committed is judged"
    noted = {noted_revision(said.sql) for one in found for said in one.trace.statements}
    cut = [one for one in counting if one not in noted]
    return f"the command ended well and never noted {', '.join(cut)} as applied" if cut else ""


@dataclass(frozen=True, slots=True)
class _Ran:
    """`stopped` is why the migrations ended before their last, `server` the shadow's version."""

    traces: tuple[Trace, ...]
    stopped: str
    server: str
    made: Shadow
    ended: Ended = NOT_ASKED


def _run(
    context: Context,
    place: MigrationPlace,
    schema: str,
    wanted: Sequence[CreatedExtension],
    rows: int,
    *,
    plain: bool,
) -> _Ran:
    """A run as whoever migrates live; as a superuser where only its provider knows what he may do there."""
    ran = _once(context, place, shadow(schema, context, wanted), rows, plain=plain, empty=not schema)
    refused = _rights_refused(ran.traces) if ran.stopped and ran.made.provider else ""
    if not refused:
        return ran
    again = shadow(schema, context, wanted, trusted=True)
    why = f"{ran.made.role} may not do it on a plain PostgreSQL, where {ran.made.provider} gives no right"
    unproven = replace(ran.made, unproven=f"{refused}: {why}")
    return replace(_once(context, place, again, rows, plain=plain, empty=False), made=unproven)


def _once(
    context: Context,
    place: MigrationPlace,
    ground: AbstractContextManager[Shadow],
    rows: int,
    *,
    plain: bool,
    empty: bool,
) -> _Ran:
    with ground as made:
        url = made.url
        server = str(context.databases.query(url, _VERSION).values[0][0])
        with context.tracer.watched(url, apart=empty, rows=rows, plain=plain, entry=made.entry) as way:
            if empty:
                done = migrated_on(url, way.url, place, context)
                return _Ran(way.traces(), done.why, server, made)
            with asked_before(old_statements(rows, context), way, url, context) as (asking, session):
                done = migrated_on(url, way.url, place, context)
                ended = asking.afterwards(session) if done.ok else NOT_ASKED
            traces = renamed(way.traces(), database_of(url), database_of(context.database_url or url))
            return _Ran(traces, done.why, server, made, ended)


def _rights_refused(traces: tuple[Trace, ...]) -> str:
    """What the server says of a right that is not there; empty where it missed none."""
    errors = (one.error for trace in traces for one in trace.statements if one.error)
    return next((f"{one.message} ({_RIGHTS})" for one in errors if one.sqlstate == _RIGHTS), "")


def _word(sql: str) -> str:
    return next(iter(first_words(sql, 1)), "")


def _failed_on_data(traces: tuple[Trace, ...]) -> bool:
    refused = (one.error.sqlstate[:2] for trace in traces for one in trace.statements if one.error)
    return any(code in _DATA for code in refused)
