"""What the edge says of itself: Caddy's admin interface, a socket in its directory."""

import http.client
import json
import os
import socket
from pathlib import Path

_LIMIT_S = 5


class _Admin(http.client.HTTPConnection):
    """The directory's descriptor keeps the socket's path short."""

    def __init__(self, directory: Path) -> None:
        super().__init__("edge", timeout=_LIMIT_S)
        self._directory = directory

    def connect(self) -> None:
        handle = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        try:
            self.sock.connect(f"/proc/self/fd/{handle}/admin.sock")
        finally:
            os.close(handle)


def upstreams_of(directory: Path) -> dict[str, int] | None:
    """The open requests at each address; None where the edge of `directory` does not say."""
    return _upstreams(_Admin(directory), "edge")


def upstreams_at(port: int, listening: str) -> dict[str, int] | None:
    """The same of one that is reached at that port of loopback, and answers to its own address alone."""
    return _upstreams(http.client.HTTPConnection("127.0.0.1", port, timeout=_LIMIT_S), listening)


def _upstreams(connection: http.client.HTTPConnection, host: str) -> dict[str, int] | None:
    try:
        connection.request("GET", "/reverse_proxy/upstreams", headers={"Host": host})
        listed = json.loads(connection.getresponse().read())
    except (OSError, http.client.HTTPException, ValueError):
        return None
    finally:
        connection.close()
    return {entry["address"]: entry["num_requests"] for entry in listed or ()}
