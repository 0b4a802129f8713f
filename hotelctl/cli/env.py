"""`hotelctl env`: the env contract, one key, two files, and the example that is written from it."""

from pathlib import Path
from typing import Annotated

import typer

from hotelctl.cli._group import Commands
from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson

app = typer.Typer(
    help="The env contract: one key, two files, the example.",
    no_args_is_help=True,
    cls=Commands,
    rich_markup_mode=None,
)
Key = Annotated[str, typer.Argument(metavar="KEY", help="A key of the contract.", show_default=False)]
First = Annotated[Path, typer.Argument(metavar="FILE", help="An env file.", show_default=False)]
Second = Annotated[Path, typer.Argument(metavar="FILE", help="Another one.", show_default=False)]
Write = Annotated[
    bool, typer.Option("--write", help="Write the file that the service file names; else it is printed.")
]


@app.callback()
def env() -> None:
    """The env contract: one key, two files, the example."""


@app.command()
def explain(
    key: Key,
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """What the contract says of a key, where it is set and which code reads it; a secret is not shown."""
    from hotelctl.cli import _env
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    facts.FORMATS[form](_env.explained(Asked(service, env), key), stdout(no_color=no_color))


@app.command()
def diff(
    first: First,
    second: Second,
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Keys that two env files do not hold alike; secrets as their length and a short keyed hash."""
    from hotelctl.cli import _env
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    facts.FORMATS[form](_env.compared(Asked(service, env), first, second), stdout(no_color=no_color))


@app.command()
def example(
    service: Service = None,
    env: Environment = "local",
    write: Write = False,
) -> None:
    """The example of an env file, made from the contract; what stands in it already stays."""
    from hotelctl.cli import _env
    from hotelctl.cli._wiring import Asked

    typer.echo(_env.EXAMPLES[write](Asked(service, env)), nl=False)
