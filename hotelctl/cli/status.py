"""`hotelctl status`: what serves."""

from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson


def status(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """What serves, since when, by whom, and what is open, frozen or locked."""
    from hotelctl.cli import _status
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    facts.FORMATS[form](_status.status(Asked(service, env)), stdout(no_color=no_color))
