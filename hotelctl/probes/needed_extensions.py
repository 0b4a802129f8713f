"""Which extensions the server must offer on which all migrations run."""

from hotelctl.facts.created_extensions import created_by
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.probes.context import Context


def needed_extensions(known: MigrationSet, context: Context) -> frozenset[str]:
    """Those that some migration creates, by their names."""
    project = context.configuration.project
    sources = {one.path: context.files.read(project / one.path) for one in known.revisions}
    return frozenset(one.name for one in created_by(sources))
