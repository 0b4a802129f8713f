"""The docker target keeps the contract with real containers and the real edge."""

import socket
from collections.abc import Iterator

import pytest

from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.docker import DockerTarget
from tests.deploy.target_contract import TargetContract
from tests.deploy.targets.harbour import Harbour

pytestmark = [pytest.mark.system, pytest.mark.engine]


class DockerBench:
    def __init__(self, harbour: Harbour, held_port: int) -> None:
        self._harbour = harbour
        self.port = harbour.port
        self.held_port = held_port

    def target(self) -> DockerTarget:
        return self._harbour.target()

    def build(self, release_id: str) -> Release:
        return self._harbour.release(release_id)


class TestDockerTarget(TargetContract):
    @pytest.fixture
    def bench(self, harbour: Harbour) -> Iterator[DockerBench]:
        with socket.create_server(("127.0.0.1", 0)) as foreign:
            yield DockerBench(harbour, foreign.getsockname()[1])
