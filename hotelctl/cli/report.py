"""`hotelctl report`: stored reports shown, made anew and verified."""

from pathlib import Path
from typing import Annotated

import typer

from hotelctl.cli._group import Commands
from hotelctl.cli._options import (
    Form,
    Format,
    NoColor,
    Outputs,
    PlainForm,
    Quiet,
    ReportDirectory,
    Service,
    TextOrJson,
    Verbose,
)
from hotelctl.cli._places import REPORTS

app = typer.Typer(
    help="Stored reports: show, render, verify or sign one, compare two.",
    no_args_is_help=True,
    cls=Commands,
    rich_markup_mode=None,
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
    service: Service = None,
    report_dir: ReportDirectory = REPORTS,
    no_color: NoColor = False,
) -> None:
    """Recompute every digest, the evidence chain, counts, verdict and sign-offs; exit 1 names what fails."""
    from hotelctl.cli._places import project
    from hotelctl.cli._shelf import Shelf
    from hotelctl.cli._signing import verified_with_signoffs
    from hotelctl.render import problems
    from hotelctl.render.terminal import stdout

    found = Shelf(project() / report_dir).find(name)
    answer = verified_with_signoffs(found, service, any_commit=any_commit)
    problems.FORMATS[form](answer, stdout(no_color=no_color))
    raise typer.Exit(answer.exit_code)


@app.command()
def approve(  # noqa: PLR0917 - options are given by name
    by: Annotated[
        str, typer.Option("--by", metavar="NAME", help="Who signs, as the allowed-signers file has them.")
    ],
    role: Annotated[str, typer.Option("--role", metavar="ROLE", help="In which role.")],
    name: Name = "latest",
    key: Annotated[
        Path | None,
        typer.Option(
            "--key",
            metavar="FILE",
            help="The SSH key, or the public half of one in the agent.  [default: git's user.signingkey]",
            show_default=False,
        ),
    ] = None,
    service: Service = None,
    report_dir: ReportDirectory = REPORTS,
    no_color: NoColor = False,
) -> None:
    """Sign a report off: append a signature for its digest, made with a person's SSH key."""
    from hotelctl.cli._places import project
    from hotelctl.cli._shelf import Shelf
    from hotelctl.cli._signing import Wish, approved
    from hotelctl.render.terminal import stdout, tell, text

    directory = Shelf(project() / report_dir).find(name)
    signed = approved(directory, Wish(by, role, key, service))
    console = stdout(no_color=no_color)
    tell(console, text(f"{directory.name} is signed off by {signed.name} as {signed.role}"))
    tell(console, text(signed.digest))


@app.command()
def diff(
    before: Annotated[str, typer.Argument(metavar="ID|PATH", help="The earlier report.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="[ID|PATH|latest]", help="The later one.")] = "latest",
    form: PlainForm = TextOrJson.CONSOLE,
    report_dir: ReportDirectory = REPORTS,
    no_color: NoColor = False,
) -> None:
    """What two reports say differently: verdict, checks, findings that are new or gone, what was measured."""
    from hotelctl.cli._places import project
    from hotelctl.cli._shelf import Shelf, read
    from hotelctl.render import changes
    from hotelctl.render.difference import difference
    from hotelctl.render.terminal import stdout

    shelf = Shelf(project() / report_dir)
    found = difference(read(shelf.find(before)), read(shelf.find(after)))
    changes.FORMATS[form](found, stdout(no_color=no_color))
