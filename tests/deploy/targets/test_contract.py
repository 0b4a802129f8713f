"""The process target keeps the contract with real processes and the real edge."""

import socket
from collections.abc import Iterator

import pytest

from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.process import ProcessTarget
from tests.deploy.target_contract import TargetContract
from tests.deploy.targets.place import Place

pytestmark = pytest.mark.system


class ProcessBench:
    def __init__(self, place: Place, held_port: int) -> None:
        self._place = place
        self.port = place.port
        self.held_port = held_port

    def target(self) -> ProcessTarget:
        return self._place.target()

    def build(self, release_id: str) -> Release:
        return self._place.release(release_id)


class TestProcessTarget(TargetContract):
    @pytest.fixture
    def bench(self, place: Place) -> Iterator[ProcessBench]:
        with socket.create_server(("127.0.0.1", 0)) as foreign:
            yield ProcessBench(place, foreign.getsockname()[1])
