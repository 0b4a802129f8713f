"""Where hotelctl runs the migrations itself, for which nothing is built."""

from hotelctl.facts.artifact import Export
from hotelctl.facts.migration_run import MigrationPlace
from hotelctl.probes.context import Context


def migration_place(_context: Context, export: Export) -> MigrationPlace:
    """The commit as it lies there."""
    return MigrationPlace(export.path, None)
