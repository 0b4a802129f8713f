"""An HTTP server for one test: answers by path, remembers what it was asked."""

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HANGS = 0


@dataclass
class Asked:
    """One request."""

    method: str
    path: str
    headers: dict[str, str] = field(repr=False)


class Outside(ThreadingHTTPServer):
    """Answers 404 for every path that `answers` does not name; HANGS as a status never answers."""

    daemon_threads = True

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, tuple[int, object]] = {}
        self.asked: list[Asked] = []
        self.arrived = threading.Event()
        self.released = threading.Event()
        self._scheme = "https" if tls else "http"
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        """Its address without a path."""
        return f"{self._scheme}://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """Silence: a client that does not trust the certificate hangs up."""


@contextmanager
def running(server: Outside) -> Iterator[Outside]:
    """It answers inside the block."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server
    finally:
        server.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        server = self.server
        assert isinstance(server, Outside)
        path = self.path.partition("?")[0]
        server.asked.append(Asked(self.command, path, {k.lower(): v for k, v in self.headers.items()}))
        server.arrived.set()
        status, body = server.answers.get(path, (404, {}))
        if status == HANGS:
            server.released.wait(10)
            self.close_connection = True
            return
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    do_HEAD = do_GET  # noqa: N815 - same

    def log_message(self, *_: object) -> None:
        """Silence."""
