"""The in-memory target keeps the contract, so what is tested on it holds on a real one."""

import pytest

from hotelctl.deploy.release import Release
from tests.deploy.target_contract import TargetContract, unbuilt
from tests.fakes.target import FakeTarget, Ground


class FakeBench:
    port = 8080
    held_port = 9090

    def __init__(self) -> None:
        self.ground = Ground(held={9090: "port 9090 is held by nginx (pid 1): nginx"})

    def target(self) -> FakeTarget:
        return FakeTarget(self.ground)

    def build(self, release_id: str) -> Release:
        self.ground.built.add(release_id)
        return unbuilt(release_id)


class TestFakeTarget(TargetContract):
    @pytest.fixture
    def bench(self) -> FakeBench:
        return FakeBench()
