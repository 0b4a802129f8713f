"""The live rows, asked whether the rules that pending migrations add would hold for them."""

from hotelctl.config.database import Migrations
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.data_preflight import DataPreflight, Met
from hotelctl.facts.migration_run import MigrationRun
from hotelctl.probes.context import Context

_LOCAL = "local"
_NO_QUESTION = "no question to the live rows is known for it"
_NAME = "SELECT current_database()"


def data_preflight(context: Context, run: MigrationRun) -> DataPreflight:
    """Each question by a read-only query with a limit of time.

    Raises:
        NotApplicable: nothing that is pending is a rule for rows that are there.
        Unavailable: nobody said that the live rows may be asked, or they cannot be, or no question is known.

    """
    doubts = dict.fromkeys(run.unasked, _NO_QUESTION)
    if not run.questions and doubts:
        raise Unavailable("; ".join(f"{what}: {why}" for what, why in doubts.items()))
    if not run.questions:
        raise NotApplicable("no pending migration adds a rule for rows that are there")
    url = _asked(context)
    database = str(context.databases.query(url, _NAME).values[0][0])
    met: list[Met] = []
    for one in run.questions:
        try:
            met.append(Met(one, int(context.databases.query(url, one.question.sql).values[0][0])))
        except Unavailable as trouble:
            doubts[one.question.what] = trouble.reason
    return DataPreflight(database, tuple(met), doubts)


def _asked(context: Context) -> str:
    """The URL of the database that is asked: a replica where one is named, else the live one."""
    here = context.configuration
    migrations = here.spec.migrations or Migrations(kind="sql", directory="")
    if migrations.preflight_url_env:
        url = context.release_env.get(migrations.preflight_url_env) or context.environ.get(
            migrations.preflight_url_env
        )
        if not url:
            raise Unavailable(
                f"{migrations.preflight_url_env}, which migrations.preflight_url_env names, is not set"
            )
        return url
    if (migrations.preflight or ("live" if here.environment_name == _LOCAL else "off")) == "off":
        raise Unavailable(
            'the live rows were not asked: set migrations.preflight = "live", or name a replica by '
            "migrations.preflight_url_env"
        )
    return context.database()
