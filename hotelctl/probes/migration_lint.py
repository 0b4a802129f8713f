"""squawk's judgement of every SQL migration."""

from hotelctl.core.errors import Unavailable
from hotelctl.facts import migration_lint as squawk
from hotelctl.facts.migration_lint import MigrationLint, MigrationRemark
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.probes.context import Context

_OF_ALEMBIC = (
    "squawk reads SQL, and what a revision of Alembic does is known when it runs: its offline mode fails "
    "where one reads the database"
)


def migration_lint(context: Context, known: MigrationSet) -> MigrationLint:
    """Its remarks on each file, no settings of the project heeded. Raises `Unavailable` for Alembic."""
    if known.kind != "sql":
        raise Unavailable(_OF_ALEMBIC)
    settings = context.workspace / "squawk.toml"
    context.files.write_durable(settings, b"")
    found: list[MigrationRemark] = []
    doubts: dict[str, str] = {}
    for one in known.revisions:
        words = squawk.command(one.path, str(settings))
        try:
            done = context.run_tool(squawk.PROGRAM, *words, cwd=context.configuration.project)
            found += squawk.remarks(one.path, done)
        except Unavailable as trouble:
            doubts[one.path] = trouble.reason
    return MigrationLint((squawk.PROGRAM, *squawk.command("", str(settings))[:-1]), tuple(found), doubts)
