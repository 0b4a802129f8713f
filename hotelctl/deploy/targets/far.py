"""The target `docker` on an engine of another host: the same verbs, with everything on that host."""

from collections.abc import Callable
from pathlib import Path

from hotelctl.config.service import ServiceSpec
from hotelctl.core.containers import Containers
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.far_front import FarFront
from hotelctl.deploy.targets.far_mooring import FarMooring
from hotelctl.deploy.targets.places import Places


def far_target(
    state: Path, spec: ServiceSpec, containers: Containers, tell: Callable[[str], None]
) -> DockerTarget:
    """Nothing is asked yet; `state` stays here, with the journals and what each release was made of."""
    places = Places(state.resolve())
    mooring = FarMooring(places, spec, containers, tell)
    front = FarFront(places, spec.docker.edge, containers, mooring)
    return DockerTarget(state, spec, containers, tell=tell, mooring=mooring, front=front)
