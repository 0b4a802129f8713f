"""`hotelctl history`: past operations."""

from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson


def history(
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
) -> None:
    """Every deploy and rollback of the environment, newest first, those of other machines included."""
    from hotelctl.cli import _looking
    from hotelctl.cli._answer import answer
    from hotelctl.cli._wiring import Asked

    answer(_looking.history(Asked(service, env)), form, no_color=no_color)
