"""An engine that ceases to answer, seen through a way to it that may be cut."""

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.adapters.docker_engine import USUAL
from hotelctl.core.containers import Wanted
from hotelctl.core.errors import Interrupted, StepFailed
from tests.engine import BASE

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]


class Way:
    """A socket that leads to the engine's own while it is open."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._server: socket.socket | None = None

    @property
    def environ(self) -> dict[str, str]:
        return {"DOCKER_HOST": f"unix://{self._path}"}

    def open(self) -> None:
        self._path.unlink(missing_ok=True)
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(self._path))
        self._server.listen(16)
        threading.Thread(target=self._accept, args=(self._server,), daemon=True).start()

    def cut(self) -> None:
        assert self._server is not None
        with suppress(OSError):
            self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()

    @staticmethod
    def _accept(server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                asking, _ = server.accept()
                there = socket.socket(socket.AF_UNIX)
                there.connect((os.environ.get("DOCKER_HOST") or USUAL).removeprefix("unix://"))
                for one, other in ((asking, there), (there, asking)):
                    threading.Thread(target=Way._pass, args=(one, other), daemon=True).start()

    @staticmethod
    def _pass(one: socket.socket, other: socket.socket) -> None:
        with suppress(OSError), one:
            while data := one.recv(65_536):
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)


@pytest.fixture
def way(engine: "DockerClient") -> Iterator[Way]:
    assert engine.ping()
    # A socket's path is short.
    with TemporaryDirectory(prefix="way-") as place:
        made = Way(Path(place, "s"))
        made.open()
        yield made
        made.cut()


def test_one_that_answered_before_is_waited_for(way: Way) -> None:
    containers = DockerContainers(way.environ, patience_s=20)
    assert containers.find("nobody-is-called-so") is None
    way.cut()
    back = threading.Timer(1, way.open)
    back.start()
    began = time.monotonic()
    assert containers.find("nobody-is-called-so") is None
    assert time.monotonic() - began > 0.9
    back.join()


def test_one_that_stays_away_ends_the_operation_where_it_can_go_on(way: Way) -> None:
    containers = DockerContainers(way.environ, patience_s=0.5)
    assert containers.obstacle() is None
    way.cut()
    said = str(containers.obstacle())
    assert said.startswith("the container engine cannot be asked: connection refused, at /")
    with pytest.raises(Interrupted, match="cannot be asked: connection refused") as ended:
        containers.find("nobody-is-called-so")
    assert "hotelctl resume" in ended.value.hint


def test_what_it_refuses_is_told_in_its_words(way: Way) -> None:
    wanted = Wanted(
        name="hotelctl-tests-refused",
        image="nobody/has-it",
        argv=("true",),
        labels={},
        network="bridge",
        port=1,
        host_port=1,
        env={},
        binds=(),
        hosts={},
        user=None,
    )
    with pytest.raises(StepFailed, match=r"^the container engine refuses: No such image: nobody/has-it"):
        DockerContainers(way.environ).create(wanted)


def test_what_is_not_there_is_none_and_may_be_ended_again(way: Way) -> None:
    containers, nobody = DockerContainers(way.environ), "nobody-is-called-so"
    assert containers.image(f"sha256:{'0' * 64}") is None
    assert containers.network(nobody) is None
    assert containers.memory_bytes(nobody) is None
    assert containers.log(nobody, 0.0) == ()
    assert not containers.holds(nobody, "/bin/sh")
    for act in (
        containers.remove,
        lambda name: containers.stop(name, 1),
        lambda name: containers.signal(name, "SIGUSR1"),
    ):
        act(nobody)


def test_all_that_was_printed_since_a_time_is_told_however_much_it_is(engine: "DockerClient") -> None:
    lines, began = 25_000, time.time() - 60
    container = engine.containers.create(BASE, ["seq", str(lines)])
    try:
        container.start()
        container.wait()
        told = DockerContainers(os.environ).log(str(container.name), began)
        assert [line for _, line in told] == [b"%d\n" % one for one in range(1, lines + 1)]
    finally:
        container.remove(force=True)
