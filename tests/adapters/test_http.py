import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import ClassVar

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.http import HttpClient
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system
# So long both slow answers take, which is more than a busy machine needs to give them up.
_LONG_S = 50


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    connections: set[tuple[str, int]] = set()  # noqa: RUF012 - one for the server, emptied by each test
    over: ClassVar = threading.Event()

    def do_GET(self) -> None:
        type(self).connections.add(self.client_address)
        if self.path == "/redirect":
            self._answer(302, b"", ("Location", "/json"))
        elif self.path == "/drip":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            for _ in range(1000):
                self.wfile.write(b"x")
                if self.over.wait(0.05):
                    return
        elif self.path == "/silent":
            self.over.wait(_LONG_S)
        elif self.path == "/break":
            self.connection.close()
        elif self.path == "/big":
            self._answer(200, b"x" * 6_000_000)
        else:
            self._answer(200, b'{"path": "%s"}' % self.path.encode(), ("X-Seen", "Yes"))

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(201, body)

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def _answer(self, status: int, body: bytes, header: tuple[str, str] = ("X-None", "")) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header(*header)
        self.end_headers()
        self.wfile.write(body)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """A client that gives up is what some tests are about."""


@pytest.fixture
def base() -> Iterator[str]:
    _Handler.connections.clear()
    _Handler.over.clear()
    with _Server(("127.0.0.1", 0), _Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        _Handler.over.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def http(evidence: FakeEvidence) -> Iterator[HttpClient]:
    client = HttpClient(evidence, SystemClock())
    yield client
    client.close()


def test_an_exchange_and_its_record(http: HttpClient, base: str, evidence: FakeEvidence) -> None:
    reply = http.request("GET", f"{base}/json", headers={"Authorization": "Bearer not-for-the-record-123"})
    assert (reply.status, reply.json(), reply.headers["x-seen"], reply.error) == (
        200,
        {"path": "/json"},
        "Yes",
        "",
    )
    [record] = evidence.records
    assert record["id"] == reply.evidence
    assert (record["method"], record["url"], record["status"]) == ("GET", f"{base}/json", 200)
    assert record["headers"] == ["Authorization"]
    assert "not-for-the-record" not in str(record)
    assert evidence.outputs[reply.evidence] == '{"path": "/json"}'


def test_json_is_sent_and_not_recorded_as_a_request(
    http: HttpClient, base: str, evidence: FakeEvidence
) -> None:
    reply = http.request("POST", f"{base}/login", json={"password": "hunter2secret"})
    assert reply.status == 201
    assert reply.json() == {"password": "hunter2secret"}
    assert "hunter2secret" not in str(evidence.records)


def test_whom_the_machine_trusts_is_read_for_encrypted_ways_only(
    http: HttpClient, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read() -> None:
        raise AssertionError("certificates were read")

    monkeypatch.setattr("hotelctl.adapters.http.ssl.create_default_context", read)
    assert http.request("GET", f"{base}/json").status == 200
    with pytest.raises(AssertionError, match="certificates were read"):
        http.request("GET", "https://127.0.0.1:1/")


def test_redirects_are_answers(http: HttpClient, base: str) -> None:
    reply = http.request("GET", f"{base}/redirect")
    assert (reply.status, reply.headers["location"]) == (302, "/json")


def test_each_request_has_its_own_connection(http: HttpClient, base: str) -> None:
    for _ in range(3):
        http.request("GET", f"{base}/x")
    assert len(_Handler.connections) == 3


def test_proxies_of_the_environment_are_not_used(
    http: HttpClient, base: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    assert http.request("GET", f"{base}/x").status == 200


@pytest.mark.parametrize("path", ["/silent", "/drip"])
def test_the_limit_is_for_the_whole_exchange(http: HttpClient, base: str, path: str) -> None:
    started = time.monotonic()
    reply = http.request("GET", base + path, timeout_s=0.3)
    assert (reply.status, reply.error) == (None, "no answer within 0.3 s")
    assert time.monotonic() - started < _LONG_S


def test_a_broken_or_refused_connection_is_no_exception(http: HttpClient, base: str) -> None:
    assert http.request("GET", f"{base}/break").status is None
    refused = http.request("GET", "http://127.0.0.1:1/")
    assert (refused.status, refused.error) == (None, "connection refused")
    assert http.request("GET", "http://nosuch.invalid/").status is None
    assert http.request("GET", "not a url").error
    assert http.request("GET", "http://[broken/").error


def test_a_huge_answer_is_cut(http: HttpClient, base: str, evidence: FakeEvidence) -> None:
    reply = http.request("GET", f"{base}/big")
    assert len(reply.body) == 4_000_000
    assert len(evidence.outputs[reply.evidence]) < 65_000


def test_a_form_is_sent_as_one_and_what_is_confidential_is_not_recorded(
    http: HttpClient, base: str, evidence: FakeEvidence
) -> None:
    reply = http.request("POST", f"{base}/enter", form={"name": "a b", "word": "c&d"}, confidential=True)
    assert reply.body == "name=a+b&word=c%26d"
    assert not evidence.outputs


def test_bytes_arrive_as_they_are(http: HttpClient, base: str) -> None:
    body = b'{ "spaces":  "stay" }'
    reply = http.request("POST", f"{base}/hook", headers={"Content-Type": "application/json"}, content=body)
    assert reply.body.encode() == body
