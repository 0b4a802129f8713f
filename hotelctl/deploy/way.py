"""The migration command goes to the database that it is told, and has come there."""

from collections.abc import Sequence

from hotelctl.config.migration_way import lost_way
from hotelctl.core.errors import StepFailed
from hotelctl.core.work import Place
from hotelctl.deploy.operation import Operation


def require_way(operation: Operation, release_id: str) -> None:
    """Return when the command of that release goes there, as far as it can be tried; nothing is changed.

    Raises:
        StepFailed: it went elsewhere, or nobody could see where it would go.

    """
    op, spec = operation, operation.configuration.spec
    place = Place(op.layout.venv(release_id), op.release_env(release_id), None)
    why = lost_way(op.layout.source(op.id), place, spec, op.world.work, op.world.tracer, op.world.files)
    if not why:
        return
    variable = spec.database.url_env if spec.database else "the environment"
    env = f"{spec.migrations.directory if spec.migrations else ''}/env.py"
    raise StepFailed(
        why, f"let {env} take its address from {variable} and ask no network before it; nothing was changed"
    )


def require_arrival(operation: Operation, url: str, wanted: Sequence[str], whose: str) -> None:
    """Return when the database at `url`, migrated by a command that ended well, has all that are `wanted`.

    `whose` says which one that is; none are wanted where nobody knows what it should have.

    Raises:
        StepFailed: it has not, so the command did less than it was to do, or did it elsewhere.

    """
    there = operation.world.work.revisions(url)
    lacking = [one for one in wanted if one not in there]
    if not lacking:
        return
    now = there[-1] if there else "no revision"
    raise StepFailed(
        f"the migration command ended well, but {whose} is at {now}, not at {', '.join(lacking)}",
        "let it upgrade the database that it is told to all heads, and look what else it changed; "
        "traffic was not touched",
    )
