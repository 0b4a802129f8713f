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
    if not yes:
        raise UsageError(
            f"nothing was stopped: afterwards {env} answers nobody any more",
            f"hotelctl stop --env {env} --yes; hotelctl deploy starts it again",
        )
    raise typer.Exit(_stop.stopped(Places(layout_of(configuration).state)))
