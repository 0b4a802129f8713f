"""`hotelctl deploy`: the ten steps."""

from typing import Annotated

import typer

from hotelctl.cli._options import (
    Environment,
    Form,
    Format,
    NoColor,
    Outputs,
    Port,
    Quiet,
    Service,
    Verbose,
    Wait,
    Yes,
)


def deploy(  # noqa: PLR0917 - options are given by name
    service: Service = None,
    env: Environment = "local",
    port: Port = None,
    wait: Wait = 0.0,
    plan: Annotated[
        str | None,
        typer.Option("--plan", metavar="HASH", help="Refuse unless hotelctl plan prints this hash."),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Print what hotelctl plan prints; write and start nothing.")
    ] = False,
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
    yes: Yes = False,  # noqa: ARG001 - scripts pass it; nothing is asked
) -> None:
    """Put the checked-out commit into service in ten steps; what fails is taken back by itself."""
    from hotelctl.cli import _flows, _planning
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._wiring import Asked

    asked = Asked(service, env, port, wait_s=wait)
    shown = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    _planning.require_plan(asked, plan)
    act = {False: _flows.deploy, True: _planning.show}[dry_run]
    raise typer.Exit(act(asked, shown))
