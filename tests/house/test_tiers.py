import asyncio
import socket
from fnmatch import fnmatch
from pathlib import Path

import psycopg
import pytest

from tests.house.tracked import ROOT, files
from tests.plugins.tiers import NetworkInUnitTestError


def test_a_unit_test_reaches_no_network() -> None:
    with pytest.raises(NetworkInUnitTestError), socket.socket() as probe:
        probe.connect(("127.0.0.1", 9))
    with pytest.raises(NetworkInUnitTestError), socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
    with pytest.raises(NetworkInUnitTestError):
        socket.getaddrinfo("localhost", 80)


def test_a_unit_test_reaches_no_database() -> None:
    with pytest.raises(NetworkInUnitTestError):
        psycopg.connect("postgresql://localhost/none")
    for kind in (psycopg.Connection, psycopg.AsyncConnection):
        with pytest.raises(NetworkInUnitTestError, match="a database connection"):
            kind.connect("host=/none dbname=none")


@pytest.fixture(scope="module")
def told_when_made() -> str:
    try:
        socket.getaddrinfo("localhost", 80)
    except NetworkInUnitTestError as error:
        return str(error)
    return ""


def test_a_fixture_that_unit_tests_share_reaches_no_network(told_when_made: str) -> None:
    assert "in a unit test" in told_when_made


def test_an_event_loop_and_unix_sockets_are_no_network(tmp_path: Path) -> None:
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


def test_no_directory_of_tests_is_passed_over(pytestconfig: pytest.Config) -> None:
    tests = [path for path in files(".py") if path.name.startswith("test_")]
    passed_over = pytestconfig.getini("norecursedirs")
    places = {part for path in tests for part in path.relative_to(ROOT).parent.parts}
    assert "build" in places
    assert [one for one in places if any(fnmatch(one, pattern) for pattern in passed_over)] == []


@pytest.mark.system
def test_a_system_test_does() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()
