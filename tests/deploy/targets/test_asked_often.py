"""A container that is asked many times a second how it is."""

from pathlib import Path

import pytest

from hotelctl.core.containers import Containers
from hotelctl.deploy.targets import container_log
from tests.deploy.targets.harbour import Harbour
from tests.deploy.targets.place import ask, eventually

pytestmark = [pytest.mark.system, pytest.mark.engine]


def test_who_asks_often_how_one_is_that_runs_does_not_read_its_log_each_time(
    harbour: Harbour, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    target = harbour.target()
    release = harbour.serve(target, "r1", 1)
    real = container_log.copy

    def copy(engine: Containers, container: str, log: Path) -> None:
        read.append(container)
        real(engine, container, log)

    monkeypatch.setattr(container_log, "copy", copy)
    monkeypatch.setattr("hotelctl.deploy.targets.docker._LOG_EVERY_S", 60.0)
    target._copied.clear()
    assert [target.health(release).alive for _ in range(5)] == [True] * 5
    assert len(read) == 1
    ask(harbour.port, "/crash")
    eventually(lambda: target.health(release).restarts >= 1)
    target.health(release)
    assert len(read) > 1, "what it said last is told"
