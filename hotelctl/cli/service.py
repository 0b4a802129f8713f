"""`hotelctl service`: the service's own chores, each in a process of the service."""

from typing import Annotated

import typer

from hotelctl.cli._options import Environment, Service

# From the chore's name on, every word is the chore's own, --help included.
THE_REST_IS_THE_CHORES = {
    "allow_interspersed_args": False,
    "allow_extra_args": True,
    "ignore_unknown_options": True,
}


def service(
    context: typer.Context,
    chore: Annotated[
        str | None, typer.Argument(metavar="[CHORE]", help="Which one; without, a list.")
    ] = None,
    service: Service = None,
    env: Environment = "local",
) -> None:
    """Do a chore of the service: `hotelctl service CHORE ...`; its own words and options follow."""
    from hotelctl.cli import _chores
    from hotelctl.cli._wiring import Asked

    _chores.perform(Asked(service, env), chore, context.args)
