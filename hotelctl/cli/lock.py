"""`hotelctl lock`: who holds an environment."""

import typer

from hotelctl.cli._group import Commands
from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson

app = typer.Typer(help="The environment's lock.", no_args_is_help=True, cls=Commands, rich_markup_mode=None)


@app.callback()
def lock() -> None:
    """The environment's lock."""


@app.command()
def status(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Who holds the lock: user, host, process, operation, step and age."""
    from hotelctl.cli import _looking
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    facts.FORMATS[form](_looking.lock_status(Asked(service, env)), stdout(no_color=no_color))


@app.command()
def release(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Refused while its holder lives; a dead one holds no lock."""
    from hotelctl.cli import _looking
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    facts.FORMATS[form](_looking.lock_released(Asked(service, env)), stdout(no_color=no_color))
