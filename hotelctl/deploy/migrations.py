"""The migrations of the commit that an operation deploys, read from its sources."""

from hotelctl.deploy.operation import Operation
from hotelctl.facts.migration_set import PATTERNS, MigrationSet, positions, read_migrations


def migrations_of(operation: Operation) -> MigrationSet:
    """All of them. Raises `Unavailable` where they cannot be read."""
    spec, files = operation.configuration.spec.migrations, operation.world.files
    if spec is None:
        return MigrationSet("sql", ())
    source = operation.layout.source(operation.id)
    paths = files.glob(source / spec.directory, PATTERNS[spec.kind])
    return read_migrations(spec.kind, {str(path.relative_to(source)): files.read(path) for path in paths})


def heads_of(operation: Operation) -> tuple[str, ...]:
    """Where a database is that has all of them, as files of Alembic say it; empty for other kinds."""
    head, migrations = operation.candidate().migration_head, operation.configuration.spec.migrations
    if migrations is None or migrations.kind != "alembic":
        return ()
    return positions(head) if head is not None else migrations_of(operation).heads
