"""`hotelctl report`: stored reports shown, made anew and verified."""

from typing import Annotated

import typer

from hotelctl.cli._options import (
    Form,
    Format,
    NoColor,
    Outputs,
    PlainForm,
    Quiet,
    ReportDirectory,
    TextOrJson,
    Verbose,
)
from hotelctl.cli._places import REPORTS

app = typer.Typer(
    help="Stored reports: show one, render one anew, verify one.", no_args_is_help=True, rich_markup_mode=None
)
Name = Annotated[str, typer.Argument(metavar="[ID|PATH|latest]", help="Which report.")]


@app.command()
def show(  # noqa: PLR0917 - options are given by name
    name: Name = "latest",
    form: Form = Format.CONSOLE,
    output: Outputs = None,
    report_dir: ReportDirectory = REPORTS,
    verbose: Verbose = False,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Print a stored report in any format."""
    from hotelctl.cli._places import project
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._shelf import Shelf, read

    asked = presentation(form, output, verbose=verbose, quiet=quiet, no_color=no_color)
    directory = Shelf(project() / report_dir).find(name)
    asked.show(read(directory), directory)


@app.command()
def render(
    name: Name = "latest",
    form: Annotated[
        Format | None,
        typer.Option(
            "--format", help="What stdout carries.  [default: the paths written]", show_default=False
        ),
    ] = None,
    output: Outputs = None,
    report_dir: ReportDirectory = REPORTS,
    no_color: NoColor = False,
) -> None:
    """Make report.md and report.html anew from report.json and its evidence, or any format."""
    from hotelctl.cli._places import project
    from hotelctl.cli._rendering import rendered
    from hotelctl.cli._shelf import Shelf

    rendered(Shelf(project() / report_dir).find(name), form, output, no_color=no_color)


@app.command()
def verify(
    name: Name = "latest",
    form: PlainForm = TextOrJson.CONSOLE,
    any_commit: Annotated[
        bool, typer.Option("--any-commit", help="Fine when the report is about another commit than HEAD.")
    ] = False,
    report_dir: ReportDirectory = REPORTS,
    no_color: NoColor = False,
) -> None:
    """Recompute every digest, the evidence chain, counts and verdict; exit 1 names what does not hold."""
    from hotelctl.cli._places import project
    from hotelctl.cli._shelf import Shelf, verified
    from hotelctl.render import problems
    from hotelctl.render.terminal import stdout

    answer = verified(Shelf(project() / report_dir).find(name), any_commit=any_commit)
    problems.FORMATS[form](answer, stdout(no_color=no_color))
    raise typer.Exit(answer.exit_code)
