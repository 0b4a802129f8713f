"""`hotelctl rollback`: back to the previous good release."""

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


def rollback(  # noqa: PLR0917 - options are given by name
    to: Annotated[
        str | None,
        typer.Option("--to", metavar="VERSION", help="A kept release: version, tag, commit or deploy id."),
    ] = None,
    service: Service = None,
    env: Environment = "local",
    port: Port = None,
    wait: Wait = 0.0,
    dry_run: Annotated[
        bool,
        typer.Option("--dry-run", help="Print where it would go and what proves it; write and move nothing."),
    ] = False,
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
    yes: Yes = False,  # noqa: ARG001 - scripts pass it; nothing is asked
) -> None:
    """Send traffic back to the previous good release, or to VERSION; the database is not touched."""
    from hotelctl.cli import _flows, _way_back
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._wiring import Asked

    shown = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    act = {False: _flows.rollback, True: _way_back.show}[dry_run]
    raise typer.Exit(act(Asked(service, env, port, wait_s=wait), shown, to))
