"""Whether the migration command goes to the database that it is told, tried where it can reach no other."""

from pathlib import Path, PurePosixPath

from hotelctl.core.errors import Unavailable
from hotelctl.facts.command_refusal import refusal_of
from hotelctl.facts.committed_address import CommittedAddress, committed_addresses
from hotelctl.probes.context import Context


def require_way(source: Path, venv: Path, context: Context) -> None:
    """Return when the command of the release in `venv` has come to where it was sent.

    It is sent to a socket at which everybody is refused, and the kernel keeps it off every network meanwhile,
    so that one with an address of its own changes nothing anywhere. Once in each run for each release.

    Raises:
        Unavailable: it went elsewhere, or nobody could see where it would go.

    """
    migrations = context.configuration.spec.migrations
    if migrations is None or migrations.kind != "alembic":
        return
    proven = context.workspace / f"goes-where-told-{venv.parent.name}"
    if context.files.exists(proven):
        return
    database = context.configuration.spec.database
    variable = database.url_env if database else "the database's variable"
    own = _committed(source, migrations.directory, variable, context)
    said = f"; {own[0].words} has an address of its own" if own else ""
    not_run = "the migrations were not run: "
    if any(one.by_socket for one in own):
        raise Unavailable(f"{not_run}the command does not read {variable}{said}, by a socket of this machine")
    with context.tracer.awaited() as way:
        done = context.work.tries_alone(venv, way.url, context.release_env)
    if done is None and own:
        raise Unavailable(f"{not_run}the command may not go where {variable} says{said}")
    if done is not None and not way.came:
        last = refusal_of(done)
        raise Unavailable(
            f"{not_run}the command, kept off the network, did not go where {variable} says{said}"
            f". It said: {last}"
        )
    context.files.write_durable(proven, b"")


def _committed(source: Path, place: str, variable: str, context: Context) -> tuple[CommittedAddress, ...]:
    """The addresses in the command's files; none where its own code reads the variable all the same."""
    directory = PurePosixPath(place)
    names = [*(parent / "alembic.ini" for parent in (directory, *directory.parents)), directory / "env.py"]
    there = [name for name in names if context.files.exists(source / name)]
    texts = {str(name): context.files.read(source / name).decode(errors="replace") for name in there}
    if any(variable in text for name, text in texts.items() if name.endswith(".py")):
        return ()
    return tuple(one for name, text in texts.items() for one in committed_addresses(name, text))
