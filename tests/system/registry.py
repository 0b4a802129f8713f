"""A registry of this machine, and a line to it that can be slow, end early or be closed."""

import os
import select
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.engine import absent
from tests.free_port import free_port

_PROGRAM = "/usr/bin/docker-registry"
_PATIENCE_S = 20
_CONFIG = """version: 0.1
log: {{level: error}}
storage: {{filesystem: {{rootdirectory: {root}}}}}
http: {{addr: "127.0.0.1:{port}"}}
{more}
"""
_PASSWORDS = "auth: {{htpasswd: {{realm: tests, path: {path}}}}}"


@contextmanager
def registry(place: Path, htpasswd: str = "", port: int = 0) -> Iterator[int]:
    """The port of one that keeps what it is given below `place`; with `htpasswd` it asks who it is."""
    if not Path(_PROGRAM).exists():
        absent(f"{_PROGRAM} is not installed")
    port = port or free_port()
    more = ""
    if htpasswd:
        (place / "htpasswd").write_text(htpasswd, encoding="utf-8")
        more = _PASSWORDS.format(path=place / "htpasswd")
    config = place / "registry.yml"
    config.write_text(_CONFIG.format(root=place / "kept", port=port, more=more), encoding="utf-8")
    with (place / "registry.log").open("wb") as log:
        running = subprocess.Popen([_PROGRAM, "serve", str(config)], stdout=log, stderr=log, env=os.environ)
    try:
        _await(f"http://127.0.0.1:{port}/", running)
        yield port
    finally:
        running.send_signal(signal.SIGTERM)
        running.wait(10)


def _await(url: str, running: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + _PATIENCE_S
    while time.monotonic() < end:
        assert running.poll() is None
        with suppress(httpx.TransportError):
            httpx.get(url, timeout=2)
            return
        time.sleep(0.1)
    raise AssertionError("the registry does not answer")


@dataclass
class Line:
    """A line to `port`: the first `cuts` connections that carry so much end after `cut_bytes` to it.

    `pause_s` is waited for each piece. `open` is how often it was used.
    """

    port: int
    cuts: int = 0
    cut_bytes: int = 1 << 20
    pause_s: float = 0.0
    opened: int = 0
    _guard: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def listening(self) -> Iterator[int]:
        """Its own port."""
        with socket.create_server(("127.0.0.1", 0)) as server:
            threading.Thread(target=self._accept, args=(server,), daemon=True).start()
            yield int(server.getsockname()[1])
            with suppress(OSError):
                server.shutdown(socket.SHUT_RDWR)

    def _accept(self, server: socket.socket) -> None:
        with suppress(OSError):
            while True:
                near, _ = server.accept()
                self.opened += 1
                threading.Thread(target=self._carry, args=(near,), daemon=True).start()

    def _carry(self, near: socket.socket) -> None:
        """Both ways, until either ends."""
        carried = 0
        with suppress(OSError), near, socket.create_connection(("127.0.0.1", self.port)) as far:
            while ready := select.select([near, far], [], [], _PATIENCE_S)[0]:
                for one in ready:
                    if not (piece := one.recv(1 << 16)):
                        return
                    if one is near:
                        carried += len(piece)
                        if carried > self.cut_bytes and self._is_cut():
                            return
                        time.sleep(self.pause_s)
                    (far if one is near else near).sendall(piece)

    def _is_cut(self) -> bool:
        with self._guard:
            self.cuts -= 1
            return self.cuts >= 0
