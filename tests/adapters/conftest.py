"""What adapter tests share: an evidence log in memory and the real parts over it."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.files import LocalFiles
from hotelctl.adapters.postgres import PostgresDatabases
from hotelctl.adapters.postgres_url import Address
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


@pytest.fixture(scope="session")
def with_socket(database_server: str) -> Iterator[str]:
    """The owner's URL of a server with a socket on this machine."""
    from tests.databases import server  # noqa: PLC0415 - what takes long to load is loaded by whom needs it

    given = database_server if Address(database_server).host.startswith("/") else ""
    with server(given) as url:
        yield url


@pytest.fixture
def url(with_socket: str) -> Iterator[str]:
    """The owner's URL of a database there with a few empty tables."""
    from tests.adapters.watching import filled  # noqa: PLC0415 - same

    with filled(with_socket) as one:
        yield one
