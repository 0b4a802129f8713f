"""`hotelctl init`: the first service file and env contract of a project."""

from typing import Annotated

import typer

from hotelctl.cli._options import NoColor, PlainForm, TextOrJson

Force = Annotated[bool, typer.Option("--force", help="Replace hotelctl.toml; an env contract stays.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print what would be written; write nothing.")]


def init(
    force: Force = False,
    dry_run: DryRun = False,
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Write hotelctl.toml and an env contract from what is found here; say what was not found."""
    from hotelctl.cli._init import initialise
    from hotelctl.render.terminal import stdout

    initialise(form, stdout(no_color=no_color), dry_run=dry_run, force=force)
