"""Smoke programs that load while the release that they will ask starts, or while traffic moves to it."""

from contextlib import AbstractContextManager

from hotelctl.config.smoke import loaded
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release


def loading(
    operation: Operation, release: Release, url: str, *, serving: bool = False, carries: bool = False
) -> AbstractContextManager[None]:
    """Inside, programs of the release that wait to be told have been started: those that ask it at `url`.

    `serving` and `carries` are those of `loaded`.
    """
    smoke = operation.pinned_in_doubt(release).smoke
    place, work = operation.place(release), operation.world.work
    return loaded(smoke, place, url, work, serving=serving, carries=carries)
