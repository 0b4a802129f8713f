"""`hotelctl doctor`: what this machine has and what it lacks."""

from typing import Annotated

import typer

from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson

InstallTools = Annotated[
    bool,
    typer.Option("--install-tools", help="First make the environment of the programs that validate starts."),
]


def doctor(
    service: Service = None,
    env: Environment = "local",
    install_tools: InstallTools = False,
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """What this machine has, what each command needs, what is missing and how to get it."""
    from hotelctl.cli._machine import needs
    from hotelctl.cli._places import project
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import needs as written
    from hotelctl.render.terminal import stdout

    found = needs(project(), Asked(service, env), install_tools=install_tools)
    written.FORMATS[form](found, stdout(no_color=no_color))
    raise typer.Exit(written.exit_code(found))
