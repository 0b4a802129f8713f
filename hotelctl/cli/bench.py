"""`hotelctl bench`: the running service is loaded."""

from hotelctl.cli._options import Environment, NoColor, PlainForm, Quiet, Service, TextOrJson


def bench(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    quiet: Quiet = False,
    no_color: NoColor = False,
) -> None:
    """Load the release that serves as [performance.NAME] says, and keep what was measured."""
    from hotelctl.cli._measuring import measured
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stdout

    rows = measured(Asked(service, env), quiet=quiet, no_color=no_color)
    facts.FORMATS[form](rows, stdout(no_color=no_color))
