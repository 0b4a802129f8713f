"""What the database, or hotelctl's own notes, tell of the files of its migrations when they were applied."""

from collections.abc import Mapping
from pathlib import Path

from hotelctl.config.release_env import database_identity
from hotelctl.core.errors import LeftOut, NotApplicable, Unavailable, UsageError
from hotelctl.facts.applied_migrations import Applied, AppliedMigrations, below, database_key, notes_of
from hotelctl.facts.flyway_checksum import is_as_noted
from hotelctl.facts.live_database import LiveDatabase
from hotelctl.facts.migration_set import LEDGERS, MigrationSet
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.facts.state_file import read_again
from hotelctl.probes.context import Context
from hotelctl.probes.run_again import checksums

_LEDGER = "schema_migrations"
# The column with the time is not in everybody's ledger.
_DIGESTS = f"""
SELECT name, sha256, to_jsonb(m) ->> 'applied_at' FROM {_LEDGER} m ORDER BY name COLLATE "C"
"""  # noqa: S608 - a fixed name


def applied_migrations(context: Context, known: MigrationSet, live: LiveDatabase) -> AppliedMigrations:
    """What is applied, with digests: of plain SQL from the database, of Alembic as deploys noted them.

    Raises:
        NotApplicable: the database was never migrated.
        Unavailable: no digest of any applied revision was noted; a deploy, which notes them, goes on.

    """
    if not live.revisions:
        raise NotApplicable("the database was never migrated")
    if known.kind == "sql":
        return _of_database(context, live)
    if known.kind in SQL_LAYOUTS:
        return _of_another_tool(context, live, known)
    notes, shown = _notes(context), context.configuration.shown(_place(context))
    downs = {one.id: one.down for one in known.revisions} | {one.revision: one.down for one in notes.values()}
    there = below(live.revisions, downs)
    noted = tuple(one for _, one in sorted(notes.items()) if one.revision in there)
    if not noted:
        kind = LeftOut if context.deploying else Unavailable
        raise kind(
            f"no digest was noted of the {len(there)} revisions that {live.name} has: each deploy notes them "
            f"from now on in {shown}"
        )
    return AppliedMigrations(live.name, shown, noted, tuple(sorted(there - notes.keys())))


def _of_database(context: Context, live: LiveDatabase) -> AppliedMigrations:
    spec = context.configuration.spec.migrations
    directory = f"{spec.directory}/" if spec else ""
    noted = _hints(context)
    rows = context.databases.query(context.database(), _DIGESTS).values
    found = [
        Applied(str(name), directory + str(name), str(digest), at=str(at or "")) for name, digest, at in rows
    ]
    better = (noted.get(one.revision) for one in found)
    told = [two if two and two.sha256 == one.sha256 else one for one, two in zip(found, better, strict=True)]
    return AppliedMigrations(live.name, _LEDGER, tuple(told))


def _of_another_tool(context: Context, live: LiveDatabase, known: MigrationSet) -> AppliedMigrations:
    """By the tool's own ledger; a digest that it does not note is none."""
    if SQL_LAYOUTS[known.kind].checksums:
        return _of_checksums(context, live, known)
    rows = context.databases.query(context.database(), SQL_LAYOUTS[known.kind].applied).values
    digests = {str(name): str(digest) for name, digest in rows if digest}
    if not digests:
        raise Unavailable(f"{LEDGERS[known.kind].table} notes no digest that could be compared")
    paths = {one.id: one.path for one in known.revisions}
    noted = (Applied(name, paths.get(name, name), digest) for name, digest in sorted(digests.items()))
    unknown = tuple(sorted({*live.revisions} - digests.keys()))
    return AppliedMigrations(live.name, LEDGERS[known.kind].table, tuple(noted), unknown)


def _of_checksums(context: Context, live: LiveDatabase, known: MigrationSet) -> AppliedMigrations:
    """A file that is as the tool noted has the digest of now; one that it will run again was not edited."""
    noted: list[Applied] = []
    for name, checksum in checksums(context.database(), context).items():
        found, again = known.at(name), SQL_LAYOUTS[known.kind].again(name)
        text = context.files.read(context.configuration.project / found.path) if found else b""
        same = is_as_noted(text, checksum, again=again) if found else False
        if found and same:
            noted.append(Applied(name, found.path, found.sha256))
        elif same is False and checksum is not None and not again:
            noted.append(Applied(name, found.path if found else name, f"crc32 {checksum}"))
    if not noted:
        raise Unavailable(f"{LEDGERS[known.kind].table} notes no digest that could be compared")
    unknown = tuple(sorted({*live.revisions} - {one.revision for one in noted}))
    return AppliedMigrations(live.name, LEDGERS[known.kind].table, tuple(noted), unknown)


def _hints(context: Context) -> Mapping[str, Applied]:
    """Which deploy brought what, where it can be told: the digests stand in the database."""
    try:
        return _notes(context)
    except Unavailable:
        return {}


def _place(context: Context) -> Path:
    return context.state / "applied.json"


def _notes(context: Context) -> Mapping[str, Applied]:
    """By revision, those of this database. Raises `Unavailable`, in a deploy `LeftOut`, of a spoilt file."""
    path = _place(context)
    if not context.files.exists(path):
        return {}
    shown = Path(context.configuration.shown(path))
    try:
        notes = read_again(shown, context.files.read(path), notes_of, "")
    except UsageError as spoilt:
        raise (LeftOut if context.deploying else Unavailable)(spoilt.message) from spoilt
    return notes.get(database_key(database_identity(context.database())), {})
