"""How a release comes to have a container on an engine of another host, which has no file of this machine."""

from collections.abc import Iterator, Mapping

from hotelctl.core.containers import ImageStart
from hotelctl.core.errors import StepFailed
from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.mooring import Mooring, Place
from hotelctl.deploy.targets.outfit import Outfit, fitted_elsewhere, require_handed

_LABEL_LIMIT = 63


class FarMooring(Mooring):
    """The edge dials a container by its name; nothing of that host is opened for it."""

    def require_given(self) -> None:
        """Return when what is handed over is there. Raises `StepFailed`.

        `mounts` and `writable` are of the engine's host, where nobody looks before.
        """
        require_handed(self._spec)

    def outfit(self, release: Release, image: ImageStart, env: Mapping[str, str]) -> Outfit:
        """What the release's container is made of: copies, and directories of that host."""
        return fitted_elsewhere(self._places, self._spec, release, image, env)

    def places(self, _release_id: str, name: str, outfit: Outfit) -> Iterator[Place]:
        """One: on the environment's network."""
        if len(name) > _LABEL_LIMIT:
            raise StepFailed(
                f"the container's name {name} has more than {_LABEL_LIMIT} characters: no edge would find it",
                "give the service or the environment a shorter name",
            )
        yield Place(name, outfit.port, None)
