"""The migrations of the checkout, read from their sources."""

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.migration_set import PATTERNS, MigrationSet, read_migrations
from hotelctl.probes.context import Context


def migration_set(context: Context) -> MigrationSet:
    """All revisions below the service file's directory."""
    migrations = context.configuration.spec.migrations
    if migrations is None:
        raise NotApplicable(context.configuration.names_no("migrations"))
    if migrations.why:
        raise Unavailable(f"{migrations.directory}: {migrations.why}")
    project = context.configuration.project
    paths = context.files.glob(project / migrations.directory, PATTERNS[migrations.kind])
    texts = {str(path.relative_to(project)): context.files.read(path) for path in paths}
    found = read_migrations(migrations.kind, texts)
    if not found.revisions:
        raise Unavailable(f"{migrations.directory} holds no migration")
    return found
