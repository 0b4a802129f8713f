"""`hotelctl logs`: the journal of one operation."""

from typing import Annotated

import typer

from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson


def logs(
    name: Annotated[
        str | None, typer.Argument(metavar="[ID]", help="Which one.  [default: the newest]")
    ] = None,
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """The journal of one operation: each intent, effect and end, with its time."""
    from hotelctl.cli import _looking
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stderr, stdout, tell, text

    rows = _looking.logs(Asked(service, env), name)
    for warning in rows.warnings:
        tell(stderr(no_color=no_color), text(f"warning: {warning}"))
    facts.FORMATS[form](rows, stdout(no_color=no_color))
