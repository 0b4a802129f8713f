"""`hotelctl resolve`: leaving the frozen state, and mending a pointer that somebody changed."""

from typing import Annotated

import typer

from hotelctl.cli._options import Environment, NoColor, PlainForm, Service, TextOrJson, Yes


def resolve(
    reason: Annotated[str, typer.Option("--reason", metavar="TEXT", help="What was found and decided.")],
    service: Service = None,
    env: Environment = "local",
    form: PlainForm = TextOrJson.CONSOLE,
    no_color: NoColor = False,
    yes: Yes = False,  # noqa: ARG001 - scripts pass it; nothing is asked
) -> None:
    """Leave the frozen state after a person looked, and put traffic back; the reason is kept."""
    from hotelctl.cli._resolving import resolve as resolved
    from hotelctl.cli._wiring import Asked
    from hotelctl.render import facts
    from hotelctl.render.terminal import stderr, stdout, tell, text

    def telling(line: str) -> None:
        tell(stderr(no_color=no_color), text(line))

    facts.FORMATS[form](resolved(Asked(service, env), reason, telling), stdout(no_color=no_color))
