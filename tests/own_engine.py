"""A container engine of a test's own, which may be killed: it shares nothing with the machine's."""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import docker
from docker.errors import DockerException

from tests.deploy.waiting import came_true
from tests.engine import absent

if TYPE_CHECKING:
    from docker import DockerClient

_PATIENCE_S = 60


class OwnEngine:
    """`place` holds all that it has. It leaves the machine's packet filter alone; what runs outlives it."""

    def __init__(self, place: Path) -> None:
        """Nothing is started yet."""
        self.place = place
        self.environ: Mapping[str, str] = {"DOCKER_HOST": f"unix://{place}/s"}
        # Told to have none, it deletes docker0 as it starts, and what the machine's engine runs is cut off.
        self.bridge = place.name.replace("engine-", "own-")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It answers."""
        place = self.place
        # Of those that were killed before, whose numbers may be anybody's by now.
        for number in (place / "pid", place / "exec-root" / "containerd" / "containerd.pid"):
            number.unlink(missing_ok=True)
        argv = ["dockerd", "--host", self.environ["DOCKER_HOST"], "--live-restore", "--iptables=false"]
        argv += ["--ip6tables=false", "--default-address-pool", "base=10.213.0.0/16,size=24"]
        argv += ["--bridge", self.bridge]
        for kind in ("data-root", "exec-root", "pidfile"):
            argv += [f"--{kind}", str(place / kind.removesuffix("file"))]
        with (place / "log").open("ab") as log:
            self._process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        assert came_true(self._answers, _PATIENCE_S), (place / "log").read_text()[-2000:]

    def _answers(self) -> bool:
        # The library leaves the socket open that it could not connect.
        with socket.socket(socket.AF_UNIX) as tried:
            if tried.connect_ex(str(self.place / "s")):
                return False
        try:
            self.client().close()
        except DockerException:
            return False
        return True

    def client(self) -> "DockerClient":
        """One that speaks with it now."""
        client: DockerClient = docker.from_env(environment=dict(self.environ), timeout=_PATIENCE_S)
        client.ping()
        return client

    def kill(self) -> None:
        """As the kernel does it when memory is short. Containers run on."""
        assert self._process is not None
        self._process.kill()
        self._process.wait()

    def end(self) -> None:
        """It has ended, with all that it ran."""
        if self._process is None or self._process.poll() is not None:
            self.start()
        assert self._process is not None
        client = self.client()
        for container in client.containers.list(all=True):
            container.remove(force=True)
        for network in client.networks.list(filters={"type": "custom"}):
            network.remove()
        client.close()
        self._process.terminate()
        self._process.wait()


@contextmanager
def own_engine(source: "DockerClient", *images: str) -> Iterator[OwnEngine]:
    """One that has those images of `source`."""
    if os.geteuid() != 0:
        absent("only root may start an engine")
    place = Path(tempfile.mkdtemp(prefix="engine-"))
    made = OwnEngine(place)
    _ip("link", "add", "name", made.bridge, "type", "bridge")
    try:
        _ip("addr", "add", "10.212.0.1/24", "dev", made.bridge)
        made.start()
        client = made.client()
        for image in images:
            client.images.load(source.images.get(image).save(named=True))
        client.close()
        yield made
    finally:
        made.end()
        _ip("link", "del", made.bridge)
        # The engine mounts its own place over itself.
        subprocess.run(["umount", "--recursive", str(place / "data-root")], check=False, capture_output=True)
        shutil.rmtree(place, ignore_errors=True)


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], capture_output=True, check=True)
