"""The docker target keeps the contract on an engine of another host, with an edge of its own there."""

import socket
from collections.abc import Iterator

import pytest

from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.docker import DockerTarget
from tests.deploy.target_contract import TargetContract
from tests.deploy.targets.far_harbour import FarHarbour

pytestmark = [pytest.mark.system, pytest.mark.engine]


class FarBench:
    def __init__(self, harbour: FarHarbour, held_port: int) -> None:
        self._harbour = harbour
        self.port = harbour.port
        self.held_port = held_port

    def target(self) -> DockerTarget:
        return self._harbour.target()

    def build(self, release_id: str) -> Release:
        return self._harbour.release(release_id)


class TestDockerTargetElsewhere(TargetContract):
    @pytest.fixture
    def bench(self, far_harbour: FarHarbour) -> Iterator[FarBench]:
        with socket.create_server(("127.0.0.1", 0)) as foreign:
            yield FarBench(far_harbour, foreign.getsockname()[1])
