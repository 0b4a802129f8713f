"""`hotelctl plan`: what deploy would do."""

from hotelctl.cli._options import Environment, NoColor, PlainForm, Port, Service, TextOrJson


def plan(
    service: Service = None,
    env: Environment = "local",
    port: Port = None,
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Print what deploy would do and a hash to hold it to; nothing is written or started."""
    from hotelctl.cli._planning import planned
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import plan as written
    from hotelctl.render.terminal import stdout

    written.FORMATS[form](planned(Asked(service, env, port)), stdout(no_color=no_color))
