"""`hotelctl verify`: the running service is asked again."""

import typer

from hotelctl.cli._options import (
    Environment,
    Form,
    Format,
    NoColor,
    Outputs,
    Quiet,
    ReportDirectory,
    Service,
    Verbose,
    WithExternal,
)
from hotelctl.cli._places import REPORTS


def verify(  # noqa: PLR0917 - options are given by name
    service: Service = None,
    env: Environment = "local",
    report_dir: ReportDirectory = REPORTS,
    with_external: WithExternal = False,
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Ask the release that serves: health, running commit, smoke workflows, the way back."""
    from hotelctl.cli._policy import exit_code
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._validation import verified
    from hotelctl.cli._wiring import Asked

    shown = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    kept = verified(Asked(service, env), shown, report_dir, with_external=with_external)
    shown.show(kept.made, kept.directory)
    raise typer.Exit(exit_code(kept.made.verdict))
