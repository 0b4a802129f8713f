"""`hotelctl resume` goes on with what an earlier command left unfinished."""

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


def resume(  # noqa: PLR0917 - options are given by name
    service: Service = None,
    env: Environment = "local",
    port: Port = None,
    wait: Wait = 0.0,
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
    yes: Yes = False,  # noqa: ARG001 - scripts pass it; nothing is asked
) -> None:
    """Go on with the operation that was interrupted."""
    from hotelctl.cli import _flows
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._wiring import Asked

    shown = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    raise typer.Exit(_flows.resume(Asked(service, env, port, wait_s=wait), shown))
