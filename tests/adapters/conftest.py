"""What adapter tests share: an evidence log in memory and the real parts over it."""

import os
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.process import LocalProcesses
from tests.fakes.evidence import FakeEvidence


@pytest.fixture
def evidence() -> FakeEvidence:
    return FakeEvidence()


@pytest.fixture
def files(evidence: FakeEvidence, tmp_path: Path) -> LocalFiles:
    return LocalFiles(evidence, tmp_path)


@pytest.fixture
def processes(evidence: FakeEvidence) -> LocalProcesses:
    return LocalProcesses(evidence, SystemClock(), os.environ)


@pytest.fixture
def databases(evidence: FakeEvidence, processes: LocalProcesses) -> PostgresDatabases:
    return PostgresDatabases(processes, evidence, SystemClock())
