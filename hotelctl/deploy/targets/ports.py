"""Loopback ports: which are free, and who holds one."""

import random
import socket
from collections.abc import Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass

from hotelctl.core.errors import StepFailed
from hotelctl.core.redact import by_shape

# Below what Linux hands out for outgoing connections: those could take the port of a restarting release.
RELEASE_PORTS = range(20_000, 30_000)
_TRIES = 200
_COMMAND_LENGTH = 100


@dataclass(frozen=True, slots=True)
class Holder:
    """Who listens; `pid` is None when this user may not see it."""

    port: int
    pid: int | None
    name: str
    command: str

    def __str__(self) -> str:
        """The holder in one line."""
        if self.pid is None:
            return f"port {self.port} is held by a process of another user"
        return f"port {self.port} is held by {self.name} (pid {self.pid}): {self.command}"


def loopbacks() -> tuple[str, ...]:
    """The loopback addresses that this machine has, IPv4 first."""
    found = []
    for family, host in ((socket.AF_INET, "127.0.0.1"), (socket.AF_INET6, "::1")):
        with suppress(OSError), socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.bind((host, 0))
            found.append(host)
    return tuple(found)


def fault(port: int, host: str) -> str | None:
    """Why a server could not listen there now; None when it could."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)
        except PermissionError:
            return f"this user may not listen on port {port}"
        except OSError as error:
            return f"port {port} cannot be listened on: {error.strerror}"
        return None


def is_free(port: int) -> bool:
    """Whether a server could listen on IPv4 loopback now."""
    return fault(port, "127.0.0.1") is None


def pick(taken: Collection[int]) -> int:
    """A free loopback port for a release, none of `taken`."""
    left = [port for port in RELEASE_PORTS if port not in taken]
    for port in random.sample(left, min(_TRIES, len(left))):
        if is_free(port):
            return port
    raise StepFailed("no free loopback port between 20000 and 29999", "stop what listens there")


def holders(port: int) -> Iterator[Holder]:
    """Everybody who listens on `port` at a loopback or all addresses."""
    import psutil  # noqa: PLC0415 - only the refusal and the edge's check need it

    pids = {
        connection.pid
        for connection in psutil.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN and connection.laddr.port == port
    }
    for pid in pids:
        try:
            process = psutil.Process(pid) if pid else None
            name = process.name() if process else ""
            command = " ".join(process.cmdline()) if process else ""
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            name, command = "unknown", ""
        yield Holder(port, pid, name, by_shape(command)[:_COMMAND_LENGTH])


def proposal(port: int) -> str:
    """What a person can do about a port that is no good, with a free one near it."""
    free = next((other for other in range(port + 1, min(port + 100, 65_536)) if is_free(other)), None)
    return f"free it, or choose another port: --port {free or 'N'}"
