"""What has the traffic of an environment, for commands that ask it."""

from contextlib import suppress

from hotelctl.cli._target import target_of
from hotelctl.cli._wiring import layout_of, unrecorded_files
from hotelctl.config.load import Configuration
from hotelctl.core.errors import Frozen, UsageError
from hotelctl.deploy.history import Past, past_operations
from hotelctl.deploy.release import Release
from hotelctl.deploy.traffic import Traffic, look


def traffic_of(configuration: Configuration) -> Traffic:
    """As the target and the journals tell."""
    layout = layout_of(configuration)
    pasts: tuple[Past, ...] = ()
    with suppress(Frozen):  # a damaged journal is what a check finds; the release is asked all the same
        pasts = past_operations(layout, unrecorded_files(configuration))
    return look(target_of(configuration), pasts)


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
    """Its first process, as this machine numbers it; None when it does not run."""
    return target_of(configuration).process(release)
