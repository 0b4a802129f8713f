"""`hotelctl watch`: the release that serves is looked at for a while."""

from typing import Annotated

import typer

from hotelctl.cli._options import Environment, NoColor, PlainForm, Quiet, Service, TextOrJson


def watch(
    service: Service = None,
    env: Environment = "local",
    length: Annotated[str, typer.Option("--for", metavar="TIME", help="How long: 90s, 30m, 2h.")] = "30m",
    form: PlainForm = TextOrJson.CONSOLE,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Look at errors, latency and memory of the release that serves for a while; say whether it is good."""
    from hotelctl.cli._watching import watched
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    seen = watched(Asked(service, env), length, quiet=quiet, no_color=no_color)
    facts.FORMATS[form](seen.rows, stdout(no_color=no_color))
    raise typer.Exit(seen.answered())
