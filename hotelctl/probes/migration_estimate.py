"""The pending migrations, run once more on a copy whose tables hold many rows."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial

from hotelctl.config.database import Migrations
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.created_extensions import created_by
from hotelctl.facts.hazard import HazardKind
from hotelctl.facts.migration_estimate import MigrationEstimate, Size, estimates, holds
from hotelctl.facts.migration_run import MigrationPlace, MigrationRun, WrittenHazard, placed, written
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.facts.migration_trace import Trace
from hotelctl.facts.schema_text import LiveDump
from hotelctl.probes.context import Context
from hotelctl.probes.shadow import Shadow, migrated_on, shadow

_Numbers = Mapping[str, int]
_Ground = Callable[[], AbstractContextManager[Shadow]]
_FEW_ROWS = 10_000
_MOST_ROWS = 200_000
_ROWS = 20
_REFERENCE = re.compile(r"^FOREIGN KEY \((?P<column>[^,()]+)\) REFERENCES (?P<parent>[^(]+)\(")
_SIZES = """
SELECT pg_catalog.format('%%I.%%I', n.nspname, c.relname),
  greatest(c.reltuples, 0)::int8, pg_catalog.pg_table_size(c.oid)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'm') AND pg_catalog.format('%%I.%%I', n.nspname, c.relname) = ANY (%s)
"""
# As a table in use is: nobody has to mark its rows as seen first.
_SETTLED = ["VACUUM ANALYZE"]
_UNMET = frozenset({HazardKind.UNMET_UPDATE, HazardKind.UNMET_DELETE, HazardKind.UNTAKEN})


def migration_estimate(
    context: Context, known: MigrationSet, run: MigrationRun, place: MigrationPlace, dump: LiveDump
) -> MigrationEstimate:
    """What the live tables' sizes make of it.

    Raises:
        NotApplicable: no live database tells its sizes, or nothing that is pending touches a large table.
        Unavailable: the migrations stop before their end, on few rows or on the copy.

    """
    if run.stopped:
        raise Unavailable(f"the run stopped, and what comes after cannot be estimated: {run.stopped}")
    touched = {name for one in run.watched for name in one.tables}
    large = {name: rows for name, rows in run.rows.items() if name in touched and rows >= _FEW_ROWS}
    if not run.rows:
        raise NotApplicable("no live database tells how many rows there are")
    if not large:
        raise _no_large_table(run)
    live = _sizes(context, context.database(), large)
    live = {name: replace(size, rows=large[name]) for name, size in live.items()}
    many = _many(run, touched)
    # Whom only its provider lets do it is no judge of how long it takes.
    sources = _sources(known, context)
    wanted = created_by({one.path: sources[one.path] for one in known.revisions if one.id in run.revisions})
    ground = partial(shadow, dump.text, context, wanted, trusted=bool(run.unproven))
    copied = _copied(context, place, ground, (large, many))
    if copied.why:
        raise Unavailable(f"on a copy with many made-up rows the migrations stop: {copied.why}")
    ran = placed(copied.traces, known, sources)
    limits = context.configuration.spec.migrations or Migrations(kind="sql", directory="")
    found = [(each, estimates(each, live, copied.sizes)) for each in ran]
    return MigrationEstimate(
        tuple(one for _each, some in found for one in some),
        tuple(one for each, some in found for one in holds(each, some)),
        limits.lock_limit_s,
        limits.duration_limit_s,
        limits.wal_limit_bytes,
        tuple(sorted(name for name in large if name not in copied.sizes or not copied.sizes[name].rows)),
        tuple(_unmet(written(ran, frozenset(run.revisions)), run.rows)),
    )


def _sources(known: MigrationSet, context: Context) -> Mapping[str, bytes]:
    project, paths = context.configuration.project, {one.path for one in known.revisions}
    return {path: context.files.read(project / path) for path in sorted(paths)}


def _no_large_table(run: MigrationRun) -> Exception:
    """Why nothing is estimated: what may touch one did not run, or nothing touches any."""
    told = [f"{one.path}:{one.line}: {one.hazard.detail}" for one in _unmet(run.found, run.rows)]
    if told:
        return Unavailable(f"what may take long on the live database did not run here: {'; '.join(told)}")
    return NotApplicable(f"no pending migration that runs touches a table of {_FEW_ROWS:,} live rows")


def _unmet(found: Iterable[WrittenHazard], live: _Numbers) -> Iterator[WrittenHazard]:
    """Changes of large tables, or of unknown ones, of which no row that was made up met the condition."""
    for one in found:
        large = not one.hazard.table or live.get(one.hazard.table, 0) >= _FEW_ROWS
        if one.hazard.kind in _UNMET and large:
            yield one


def _many(run: MigrationRun, touched: AbstractSet[str]) -> Mapping[str, int]:
    """How many rows the tables get, and after how many of them the values of a column come again.

    Such a column is one that a new foreign key makes refer to a table of fewer rows.
    """
    many = {name: min(rows, _MOST_ROWS) for name, rows in run.rows.items() if name in touched and rows}
    found: dict[str, int] = {}
    for one in run.found:
        if hit := _REFERENCE.match(one.hazard.definition):
            column = hit["column"].strip('"').replace('""', '"')
            found[f"{one.hazard.table}.{column}"] = many.get(hit["parent"], _ROWS)
    return many | found


@dataclass(frozen=True, slots=True)
class _Copied:
    """What was seen on the copy, whose tables had these `sizes`; `why` it stopped, empty where it did not."""

    traces: tuple[Trace, ...]
    sizes: Mapping[str, Size]
    why: str


def _copied(
    context: Context, place: MigrationPlace, ground: _Ground, tables: tuple[_Numbers, _Numbers]
) -> _Copied:
    """The run on a copy: of which tables the sizes are asked, and how many rows they and others get."""
    found = _once(context, place, ground, tables, plain=False)
    # Gaps and values that come twice, as in real life, may be what stands in the way.
    return _once(context, place, ground, tables, plain=True) if found.why else found


def _once(
    context: Context,
    place: MigrationPlace,
    ground: _Ground,
    tables: tuple[_Numbers, _Numbers],
    *,
    plain: bool,
) -> _Copied:
    large, many = tables
    with (
        ground() as made,
        context.tracer.watched(
            made.url, apart=False, rows=_ROWS, many=many, plain=plain, entry=made.entry
        ) as way,
    ):
        context.databases.execute_each(made.url, _SETTLED)
        sizes = _sizes(context, made.url, large)
        done = migrated_on(made.url, way.url, place, context)
        return _Copied(way.traces(), sizes, done.why)


def _sizes(context: Context, url: str, names: Mapping[str, int]) -> Mapping[str, Size]:
    rows = context.databases.query(url, _SIZES, (list(names),)).values
    return {str(name): Size(int(number), int(size)) for name, number, size in rows}
