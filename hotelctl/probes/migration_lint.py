"""squawk's judgement of every SQL migration."""

from functools import partial

from hotelctl.core.errors import Unavailable
from hotelctl.facts import migration_lint as squawk
from hotelctl.facts.migration_lint import MigrationLint, MigrationRemark
from hotelctl.facts.migration_set import MigrationSet
from hotelctl.probes.context import Context
from hotelctl.probes.said_of_file import Program, said_of_file

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
        words, read = squawk.command(one.path, str(settings)), partial(squawk.remarks, one.path)
        program = Program(squawk.PROGRAM, tuple[MigrationRemark, ...], read)
        try:
            found += said_of_file(program, words, context.configuration.project, context)
        except Unavailable as trouble:
            doubts[one.path] = trouble.reason
    return MigrationLint((squawk.PROGRAM, *squawk.command("", str(settings))[:-1]), tuple(found), doubts)
