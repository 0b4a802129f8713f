import asyncio
import socket
from pathlib import Path

import psycopg
import pytest

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


def test_an_event_loop_and_unix_sockets_are_no_network(tmp_path: Path) -> None:
    assert asyncio.run(asyncio.sleep(0, "done")) == "done"
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(str(tmp_path / "s"))
        server.listen()
        client.connect(str(tmp_path / "s"))


@pytest.mark.system
def test_a_system_test_does() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as client,
    ):
        assert client.getpeername() == server.getsockname()
