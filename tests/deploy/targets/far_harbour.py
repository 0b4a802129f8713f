"""The same state directory and images, on an engine that is reached as one of another host is."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.adapters.docker_tunnel import TUNNELS
from hotelctl.adapters.docker_way import WAYS
from hotelctl.config.service import ServiceSpec
from hotelctl.deploy.targets.docker import DockerTarget
from hotelctl.deploy.targets.far import far_target
from tests.deploy.targets.harbour import Harbour
from tests.edge_image import EDGE


@dataclass
class FarHarbour(Harbour):
    """`environ` says how the engine is reached."""

    environ: Mapping[str, str] = field(default_factory=dict)

    def containers(self) -> DockerContainers:
        return DockerContainers({**os.environ, **self.environ})

    def spec(self, *, stop_timeout_s: float = 30, **docker: Any) -> ServiceSpec:  # noqa: ANN401 - as there
        return super().spec(stop_timeout_s=stop_timeout_s, **{"edge": {"image": EDGE}, **docker})

    def target(self, **changes: Any) -> DockerTarget:  # noqa: ANN401 - parts of a service file
        return far_target(self.state, self.spec(**changes), self.containers(), self.told.append)

    def clear(self) -> None:
        """Nothing of this service is left on the engine, and nothing leads there."""
        WAYS.end()
        TUNNELS.end()
        super().clear()
        wanted = {"label": f"hotelctl.service={self.name}"}
        for volume in self.client.volumes.list(filters=wanted):
            volume.remove()
