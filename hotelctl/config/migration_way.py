"""Whether the migration command goes to the database that it is told, tried where it can reach no other."""

from pathlib import Path, PurePosixPath

from hotelctl.config.service import ServiceSpec
from hotelctl.core.ports import Files
from hotelctl.core.work import Place, Work
from hotelctl.facts.command_refusal import refusal_of
from hotelctl.facts.committed_address import CommittedAddress, committed_addresses
from hotelctl.facts.tracer import Tracer


def lost_way(source: Path, place: Place, spec: ServiceSpec, work: Work, tracer: Tracer, files: Files) -> str:
    """Why the migration command of the release at `place` may not be run; empty where it goes as it is told.

    It is sent to a socket at which everybody is refused, and the kernel keeps it off every network meanwhile,
    so that one with an address of its own changes nothing anywhere. Where the kernel cannot do that, the
    addresses in its files below `source` decide. The database of `place` is not asked.
    """
    migrations = spec.migrations
    if migrations is None or migrations.kind != "alembic":
        return ""
    variable = spec.database.url_env if spec.database else "the database's variable"
    own = _committed(source, migrations.directory, variable, files)
    said = f"; {own[0].words} has an address of its own" if own else ""
    not_run = "the migrations were not run: "
    if any(one.by_socket for one in own):
        return f"{not_run}the command does not read {variable}{said}, by a socket of this machine"
    with tracer.awaited() as way:
        done = work.tries_alone(place.venv, way.url, place.env)
    if done is None:
        return f"{not_run}the command may not go where {variable} says{said}" if own else ""
    if way.came:
        return ""
    end = f"; {refusal_of(done)}" if done.timed_out or not done.tail(1) else f". It said: {refusal_of(done)}"
    return f"{not_run}the command, kept off the network, did not go where {variable} says{said}{end}"


def _committed(source: Path, directory: str, variable: str, files: Files) -> tuple[CommittedAddress, ...]:
    """The addresses in the command's files; none where its own code reads the variable all the same."""
    place = PurePosixPath(directory)
    names = [*(parent / "alembic.ini" for parent in (place, *place.parents)), place / "env.py"]
    there = [name for name in names if files.exists(source / name)]
    texts = {str(name): files.read(source / name).decode(errors="replace") for name in there}
    if any(variable in text for name, text in texts.items() if name.endswith(".py")):
        return ()
    return tuple(one for name, text in texts.items() for one in committed_addresses(name, text))
