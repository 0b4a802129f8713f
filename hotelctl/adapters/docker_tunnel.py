"""The socket of an engine on another host, had by `ssh` as a socket of this machine.

The user's own `ssh` is asked, so its keys, agent, known hosts and settings hold. It forwards for as long as
this process holds its standard input open: also one that is killed leaves no `ssh` behind.
"""

import atexit
import shutil
import subprocess
import threading
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO
from urllib.parse import SplitResult, urlsplit

from hotelctl.core.errors import Unavailable

SCHEME = "ssh://"
_SOCKET = "/var/run/docker.sock"
_CONNECT_S, _END_S = 15, 5
# No question to a terminal, no connection that another `ssh` owns, and an end that is noticed.
_OPTIONS = {
    "BatchMode": "yes",
    "ConnectTimeout": str(_CONNECT_S),
    "ControlPath": "none",
    "ExitOnForwardFailure": "yes",
    "ServerAliveInterval": "5",
    "ServerAliveCountMax": "3",
}
_UP = b"hotelctl\n"
# Told when the forwarding stands; ends with its input.
_THERE = "echo hotelctl; exec cat >/dev/null"


class Tunnels:
    """One `ssh` for each engine, begun when it is first asked for, and anew when it ended."""

    def __init__(self) -> None:
        """Nothing is begun yet."""
        self._lock = threading.Lock()
        self._open: dict[str, _Tunnel] = {}

    def environment(self, environ: Mapping[str, str]) -> dict[str, str]:
        """The same, with a socket of this machine in place of an engine that `ssh` reaches.

        Raises `Unavailable` where `ssh` does not come to that host.
        """
        host = environ.get("DOCKER_HOST") or ""
        if not host.startswith(SCHEME):
            return dict(environ)
        with self._lock:
            known = self._open.get(host)
            if known is None or not known.is_up():
                if known is not None:
                    known.end()
                known = self._open[host] = _Tunnel(host)
            return {**environ, "DOCKER_HOST": f"unix://{known.socket}"}

    def end(self) -> None:
        """Every one has ended."""
        with self._lock:
            while self._open:
                self._open.popitem()[1].end()


class _Tunnel:
    def __init__(self, host: str) -> None:
        """It forwards. Raises `Unavailable`."""
        from hotelctl.adapters.workspace import marked_directory  # noqa: PLC0415 - most engines need no tunnel

        self._place = marked_directory()
        self.socket = self._place / "s"
        self._said: IO[bytes] = TemporaryFile()  # noqa: SIM115 - closed in `end`
        try:
            self._process = subprocess.Popen(
                arguments(host, self.socket),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._said,
                start_new_session=True,
            )
        except BaseException as error:
            self._forget()
            if isinstance(error, OSError):
                raise Unavailable(f"ssh cannot be started: {error.strerror}") from error
            raise
        try:
            self._require_up(host)
        except BaseException:
            # Also of who does not wait for `ssh` any longer nothing is left.
            self.end()
            raise

    def _require_up(self, host: str) -> None:
        """Return once it forwards. Raises `Unavailable` with what `ssh` said."""
        said = self._process.stdout.readline() if self._process.stdout is not None else b""
        if said != _UP:
            self._process.wait()
            self._said.seek(0)
            words = " ".join(self._said.read().decode(errors="replace").split())
            raise Unavailable(f"ssh does not come to {host}: {words or 'it ended without a word'}")

    def is_up(self) -> bool:
        """Whether `ssh` still runs."""
        return self._process.poll() is None

    def end(self) -> None:
        """It has ended, and nothing of it is left."""
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        try:
            self._process.wait(_END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._forget()

    def _forget(self) -> None:
        self._said.close()
        shutil.rmtree(self._place, ignore_errors=True)


def arguments(host: str, socket: Path) -> tuple[str, ...]:
    """The command line for `ssh://[user@]host[:port][/path of the engine's socket]`. Raises `Unavailable`."""
    try:
        parts = urlsplit(host)
        port = parts.port
    except ValueError as error:
        raise Unavailable(f"DOCKER_HOST is {host}, which is no address: {error}") from error
    if not parts.hostname:
        raise Unavailable(f"DOCKER_HOST is {host}, which names no host")
    there = parts.path if len(parts.path) > 1 else _SOCKET
    options = [word for name, value in _OPTIONS.items() for word in ("-o", f"{name}={value}")]
    return (
        *("ssh", "-T", *options),
        *(("-p", str(port)) if port else ()),
        *(("-l", parts.username) if parts.username else ()),
        *("-L", f"{socket}:{there}", "--", _as_written(parts), _THERE),
    )


def _as_written(parts: SplitResult) -> str:
    """The host's name, for which `ssh` looks in its settings: there capitals are others."""
    name = parts.netloc.rpartition("@")[2]
    return name[1:].partition("]")[0] if name.startswith("[") else name.partition(":")[0]


TUNNELS = Tunnels()
atexit.register(TUNNELS.end)
