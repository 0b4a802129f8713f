"""What has the traffic of an environment, for commands that ask it."""

from contextlib import suppress

from hotelctl.cli._wiring import layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Frozen, UsageError
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets import supervision
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.process import ProcessTarget
from hotelctl.deploy.traffic import Traffic, look


def traffic_of(configuration: Configuration) -> Traffic:
    """As the target and the journals tell."""
    layout = layout_of(configuration)
    pasts: tuple[Past, ...] = ()
    with suppress(Frozen):  # a damaged journal is what a check finds; the release is asked all the same
        pasts = past_operations(layout, unrecorded_files(configuration))
    return look(ProcessTarget(layout.state, configuration.spec), pasts)


def serving(configuration: Configuration) -> Release:
    """The release that serves.

    Raises:
        UsageError: nothing serves.
        Diverged: nobody can tell what does.

    """
    release = traffic_of(configuration).known()
    if release is None:
        raise UsageError("nothing is deployed here yet", "hotelctl deploy")
    return release


def process_of(configuration: Configuration, release: Release) -> int | None:
    """The process that the supervisor started for it, asked of the kernel now; None when it does not run."""
    seen = supervision.observed(Places(layout_of(configuration).state.resolve()), release.id)
    return seen.pid if seen is not None and seen.alive else None
