"""`hotelctl stop` ends what runs of an environment."""

import typer

from hotelctl.cli._options import Environment, Service, Yes


def stop(service: Service = None, env: Environment = "local", yes: Yes = False) -> None:
    """End what serves, the edge and hotelctl's own database; data stays, deploy starts it again."""
    from hotelctl.cli import _stop
    from hotelctl.cli._wiring import Asked, configure, layout_of
    from hotelctl.core.errors import UsageError
    from hotelctl.deploy.targets.places import Places

    configuration = configure(Asked(service, env))
    places = Places(layout_of(configuration).state)
    if not yes and places.state.is_dir():
        raise UsageError(
            f"nothing was stopped: it would leave {env} without an answer until the next deploy",
            f"hotelctl stop --env {env} --yes; hotelctl deploy starts it again",
        )
    raise typer.Exit(_stop.stopped(places))
