import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from benchmarks.crowd import LAST_EVENT, Crowd, Told, gathered
from tests.deploy.waiting import came_true

_RATE, _POSTS = 40, 20
_KINDS = {"/version", "/slow", "/stream", "/notes"}


class _Plain(BaseHTTPRequestHandler):
    """Answers at once; a stream ends as `server.end` says."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        self.server.asked.add(self.path)  # type: ignore[attr-defined]
        body = self.server.end if self.path == "/stream" else b"ok"  # type: ignore[attr-defined]
        time.sleep(0.2 if self.path == "/stream" else 0)
        self.send_response(self.server.status if self.path == "/slow" else 200)  # type: ignore[attr-defined]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts += 1  # type: ignore[attr-defined]
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Nothing."""


@contextmanager
def _plain(end: bytes = LAST_EVENT, status: int = 200) -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Plain)
    server.end, server.status, server.posts, server.asked = end, status, 0, set()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _asked(server: ThreadingHTTPServer) -> Told:
    crowd = Crowd(_RATE, new_per_s=5, slow_per_s=5, streams=2, connections=4)
    with gathered(f"http://127.0.0.1:{server.server_port}", crowd) as told:
        assert came_true(lambda: server.asked >= _KINDS and server.posts >= _POSTS, 60)  # type: ignore[attr-defined]
    return told


@pytest.mark.system
def test_all_kinds_of_people_ask_and_every_fourth_request_writes() -> None:
    with _plain() as server:
        told = _asked(server)
    assert set(told.failed.values()) == {0}, told.failures
    assert all(told.sent.values()), told.sent
    assert len(told.ends) == told.sent["ordinary"]
    assert server.posts == pytest.approx(told.sent["ordinary"] / 4, abs=2)  # type: ignore[attr-defined]
    first = told.ends[0][0]
    assert len(told.latencies(first, first + 1000)) == told.sent["ordinary"]


@pytest.mark.system
@pytest.mark.parametrize(("end", "status", "kind"), [(b"", 200, "streams"), (LAST_EVENT, 502, "slow")])
def test_what_is_cut_off_or_refused_has_failed_and_is_not_tried_again(
    end: bytes, status: int, kind: str
) -> None:
    with _plain(end, status) as server:
        told = _asked(server)
    assert told.failed[kind] == told.sent[kind] > 0
    assert sum(told.failed.values()) == told.failed[kind]
