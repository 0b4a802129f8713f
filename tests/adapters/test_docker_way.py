"""A way whose machine runs out of what a connection takes."""

import errno
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from types import SimpleNamespace

import pytest

from hotelctl.adapters import docker_way
from hotelctl.adapters.docker_way import Goal, Ways
from hotelctl.core.errors import Unavailable

pytestmark = pytest.mark.system


class Listening:
    """The socket, which cannot take the first connection."""

    def __init__(self, real: socket.socket) -> None:
        self._real = real
        self._tries = 0
        self.settimeout, self.getsockname, self.close = real.settimeout, real.getsockname, real.close

    def accept(self) -> tuple[socket.socket, object]:
        self._tries += 1
        if self._tries == 1:
            raise OSError(errno.EMFILE, "Too many open files")
        return self._real.accept()


@contextmanager
def _no_engine(*_: object) -> Iterator[None]:
    raise Unavailable("no engine")
    yield


def _hung_up(port: int) -> bool:
    with socket.create_connection(("127.0.0.1", port), timeout=30) as asking:
        return asking.recv(1) == b""


def test_it_goes_on_where_one_connection_could_not_be_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    real = socket.create_server
    monkeypatch.setattr("socket.create_server", lambda *args, **more: Listening(real(*args, **more)))
    monkeypatch.setattr(docker_way, "docker_engine", _no_engine)
    monkeypatch.setattr(docker_way, "_LISTEN_S", 0.01)
    ways = Ways()
    try:
        assert _hung_up(ways.to({}, Goal("edge", "127.0.0.1", 2019)))
    finally:
        ways.end()
    assert [one for one in threading.enumerate() if one.name == "way"] == []


def test_an_engine_that_says_what_no_engine_says_is_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    @contextmanager
    def odd(*_: object) -> Iterator[None]:
        raise KeyError("Id")
        yield

    # What goes wrong in a thread is an error of the test.
    monkeypatch.setattr(docker_way, "docker_engine", odd)
    ways = Ways()
    try:
        assert _hung_up(ways.to({}, Goal("edge", "127.0.0.1", 2019)))
    finally:
        ways.end()


def _fill(asking: socket.socket) -> None:
    """Nobody takes any more of it."""
    asking.settimeout(1)
    with suppress(TimeoutError):
        while True:
            asking.sendall(b"x" * 65_536)


def test_who_ends_does_not_wait_for_a_side_that_takes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    far, stuck = socket.socketpair()

    @contextmanager
    def engine(*_: object) -> Iterator[None]:
        yield

    @contextmanager
    def program(*_: object, **__: object) -> Iterator[SimpleNamespace]:
        yield SimpleNamespace(far=far)

    monkeypatch.setattr(docker_way, "docker_engine", engine)
    monkeypatch.setattr(docker_way, "running", program)
    ways = Ways()
    with far, stuck, socket.create_connection(("127.0.0.1", ways.to({}, Goal("e", "h", 1)))) as asking:
        _fill(asking)
        began = time.monotonic()
        ways.end()
        assert time.monotonic() - began < 10
    assert [one for one in threading.enumerate() if one.name == "way"] == []
