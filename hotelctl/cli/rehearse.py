"""`hotelctl rehearse`: deploy, forced failure and both ways back, on a throw-away copy."""

import typer

from hotelctl.cli._options import Environment, Form, Format, NoColor, Outputs, Quiet, Service, Verbose


def rehearse(  # noqa: PLR0917 - options are given by name
    service: Service = None,
    env: Environment = "local",
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Deploy the commit on a throw-away copy of the environment, make it fail, and go both ways back."""
    from hotelctl.cli._policy import exit_code
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._rehearsing import rehearsed
    from hotelctl.cli._wiring import Asked

    shown = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    kept = rehearsed(Asked(service, env), shown)
    shown.show(kept.made, kept.directory)
    raise typer.Exit(exit_code(kept.made.verdict))
