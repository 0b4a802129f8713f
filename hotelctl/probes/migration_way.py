"""Whether the migration command goes to the database that it is told, before any run on a shadow."""

from pathlib import Path

from hotelctl.config.migration_way import lost_way
from hotelctl.core.errors import Unavailable
from hotelctl.core.work import Place
from hotelctl.probes.context import Context


def require_way(source: Path, venv: Path, context: Context) -> None:
    """Return when the command of the release in `venv` goes there, tried once in each run for each release.

    Raises:
        Unavailable: it went elsewhere, or nobody could see where it would go.

    """
    proven = context.workspace / f"goes-where-told-{venv.parent.name}"
    if context.files.exists(proven):
        return
    place = Place(venv, context.release_env, None)
    spec = context.configuration.spec
    why = lost_way(source, place, spec, context.work, context.tracer, context.files)
    if why:
        raise Unavailable(why)
    context.files.write_durable(proven, b"")
