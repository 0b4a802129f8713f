from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.environments import Environments
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.http import HttpClient
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.reach import ANYWHERE, Reach
from hotelctl.core.errors import Unavailable
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import FakeProcesses

OFFLINE = Reach(offline=True)
HERE = (
    "localhost",
    "127.0.0.1",
    "127.9.9.9",
    "::1",
    "[::1]",
    "app.localhost",
    "/run/pg",
    "",
    "the local socket",
)
AWAY = ("db.example", "10.0.0.1", "localhost.example", "128.0.0.1", "::2", "127.0.0.1.example")


@pytest.mark.parametrize("host", HERE)
def test_this_machine_may_always_be_asked(host: str) -> None:
    OFFLINE.require(host)


@pytest.mark.parametrize("host", AWAY)
def test_another_one_only_without_the_flag(host: str) -> None:
    ANYWHERE.require(host)
    with pytest.raises(Unavailable, match=r"because of --offline: .* is not this machine"):
        OFFLINE.require(host)


def test_nothing_is_sent_to_another_machine() -> None:
    client = HttpClient(FakeEvidence(), SystemClock(), OFFLINE)
    with pytest.raises(Unavailable, match=r"db\.example is not this machine"):
        client.request("GET", "https://db.example/health")


def test_no_other_machines_database_is_asked_and_that_is_recorded() -> None:
    evidence = FakeEvidence()
    databases = PostgresDatabases(FakeProcesses(evidence), evidence, SystemClock(), reach=OFFLINE)
    with pytest.raises(Unavailable, match=r"db\.example is not this machine"):
        databases.query("postgresql://owner@db.example/live", "SELECT 1")
    assert "--offline" in str(evidence.records[-1])


def test_packages_that_are_not_here_are_not_fetched(tmp_path: Path) -> None:
    evidence = FakeEvidence()
    files = LocalFiles(evidence, tmp_path)
    for name in ("lock.txt", "thing.whl"):
        (tmp_path / name).write_text("x")
    environments = Environments(FakeProcesses(evidence), files, tmp_path / "cache", OFFLINE)
    with pytest.raises(Unavailable, match=r"would fetch packages"):
        environments.install(tmp_path / "venv", tmp_path / "thing.whl", tmp_path / "lock.txt")
