"""Where throw-away databases are made, as the service file has it."""

from collections.abc import Mapping

from hotelctl.adapters.contained import Containers
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.scratch import Scratch
from hotelctl.config.load import Configuration
from hotelctl.core.ports import EvidenceLog
from hotelctl.deploy.layout import Layout


def scratch_of(
    configuration: Configuration,
    layout: Layout,
    database: tuple[PostgresDatabases, str | None],
    environ: Mapping[str, str],
    evidence: EvidenceLog,
) -> Scratch:
    """Throw-away databases; what the embedded PostgreSQL lacks is in a container."""
    databases, url = database
    migrations = configuration.spec.migrations
    containers = Containers(environ, evidence, migrations.shadow_image if migrations else None)
    patterns = layout.state / "postgres-empty"
    return Scratch(
        databases,
        url,
        layout.state / "scratch",
        patterns=patterns,
        containers=containers,
        low_priority=configuration.environment.low_priority,
    )
