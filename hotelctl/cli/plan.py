"""`hotelctl plan`: what deploy would do."""

from hotelctl.cli._options import Environment, Format, NoColor, PlainForm, Port, Service, TextOrJson


def plan(
    service: Service = None,
    env: Environment = "local",
    port: Port = None,
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Print what deploy would do and a hash to hold it to; nothing is written or started."""
    from hotelctl.cli import _planning
    from hotelctl.cli._presentation import presentation
    from hotelctl.cli._wiring import Asked

    shown = presentation(Format(form), None, verbose=False, quiet=False, no_color=no_color)
    _planning.show(Asked(service, env, port), shown)
