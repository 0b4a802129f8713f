"""`hotelctl history`: past operations."""

from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson


def history(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Every deploy and rollback of the environment, newest first."""
    from hotelctl.cli import _looking
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    facts.FORMATS[form](_looking.history(Asked(service, env)), stdout(no_color=no_color))
