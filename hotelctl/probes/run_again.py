"""Migrations that their tool runs again whenever their file changes, as Flyway does."""

from collections.abc import Mapping

from hotelctl.facts.flyway_checksum import is_as_noted
from hotelctl.facts.sql_layout import SQL_LAYOUTS
from hotelctl.probes.context import Context


def checksums(url: str, context: Context) -> Mapping[str, int | None]:
    """What the tool noted of each file when it ran it last, by name; None where it noted nothing of one.

    None at all where it notes no such numbers.
    """
    migrations = context.configuration.spec.migrations
    layout = SQL_LAYOUTS.get(migrations.kind) if migrations else None
    if layout is None or not layout.checksums:
        return {}
    rows = context.databases.query(url, layout.checksums).values
    return {str(name): None if number is None else int(number) for name, number in rows}


def run_again(url: str, context: Context) -> frozenset[str]:
    """Those whose file is not the one that the database at `url` ran last, as far as can be told."""
    migrations = context.configuration.spec.migrations
    layout = SQL_LAYOUTS.get(migrations.kind) if migrations else None
    if migrations is None or layout is None or not layout.checksums:
        return frozenset()
    place = context.configuration.project / migrations.directory
    texts = {
        layout.name(str(path)): context.files.read(path) for path in context.files.glob(place, layout.pattern)
    }
    noted = {name: number for name, number in checksums(url, context).items() if layout.again(name)}
    return frozenset(
        name
        for name, number in noted.items()
        if name in texts and is_as_noted(texts[name], number, again=True) is False
    )
