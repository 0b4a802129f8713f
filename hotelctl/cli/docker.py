"""`hotelctl docker`: what is made of the service for engines of containers."""

from pathlib import Path
from typing import Annotated

import typer

from hotelctl.cli._group import Commands
from hotelctl.cli._options import Service

app = typer.Typer(
    help="The service for engines of containers.", no_args_is_help=True, cls=Commands, rich_markup_mode=None
)
Image = Annotated[
    str | None,
    typer.Option("--image", metavar="NAME", help="What is run; by default the newest of this version."),
]
Write = Annotated[
    Path | None, typer.Option("--write", metavar="FILE", help="Write it there; else it is printed.")
]


@app.callback()
def docker() -> None:
    """The service for engines of containers."""


@app.command()
def compose(service: Service = None, image: Image = None, write: Write = None) -> None:
    """A compose file for a machine that runs the image without hotelctl, with the migration of its own."""
    from hotelctl.cli import _composing
    from hotelctl.cli._wiring import Asked

    typer.echo(_composing.composed(Asked(service, "local"), image, write), nl=False)
