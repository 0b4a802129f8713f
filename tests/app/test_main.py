"""The process itself: exit codes, drain, orderly end."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from hotelctl.app.services import keyring

pytestmark = pytest.mark.database
_ROOT = Path(__file__).parents[2]
Environment = dict[str, str]
Line = dict[str, Any]


@pytest.fixture
def environment(tmp_path: Path, app_url: str) -> Environment:
    keyring.init(tmp_path / "keyring")
    return {
        "DATABASE_URL": app_url,
        "HOTEL_KEYRING": str(tmp_path / "keyring"),
        "HOTEL_PUBLIC_URL": "http://localhost",
        "HOTEL_ENV": "test",
        "DATABASE_WAIT_S": "0",
    }


def _spawn(environment: Environment, port: int = 0) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "hotelctl.app", "--port", str(port)],
        cwd=_ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def _await_event(process: subprocess.Popen[str], event: str) -> Line:
    assert process.stdout
    for text in process.stdout:
        line: Line = json.loads(text)
        if line["event"] == event:
            return line
    raise AssertionError(f"the log ended without {event}")


@contextmanager
def _ready(environment: Environment) -> Iterator[tuple[subprocess.Popen[str], str]]:
    process = _spawn(environment)
    try:
        port = _await_event(process, "listening")["port"]
        _await_event(process, "ready")
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        process.communicate()


def _rest(process: subprocess.Popen[str]) -> list[Line]:
    out, _ = process.communicate(timeout=10)
    return [json.loads(line) for line in out.splitlines()]


def test_each_reason_not_to_start_has_its_exit_code_and_one_line(
    environment: Environment, owner_url: str, tmp_path: Path
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        cases: dict[str, tuple[subprocess.Popen[str], int, str]] = {
            "nothing set": (_spawn({}), 78, "config_invalid"),
            "no keyring": (
                _spawn({**environment, "HOTEL_KEYRING": str(tmp_path / "none")}),
                78,
                "config_invalid",
            ),
            "owner's url": (_spawn({**environment, "DATABASE_URL": owner_url}), 78, "config_invalid"),
            "port taken": (_spawn(environment, taken.getsockname()[1]), 75, "dependency_unavailable"),
        }
        for name, (process, code, event) in cases.items():
            lines = _rest(process)
            assert process.returncode == code, (name, lines)
            assert [line["event"] for line in lines if line["level"] == "error"] == [event], name
            assert lines[-1]["exit_code"] == code
            assert "shutdown_complete" not in {line["event"] for line in lines}
            if name == "nothing set":
                assert {problem["key"] for problem in lines[-1]["problems"]} == {
                    "DATABASE_URL",
                    "HOTEL_KEYRING",
                    "HOTEL_PUBLIC_URL",
                    "HOTEL_ENV",
                }


def test_connections_stay_open_until_a_drain_closes_them_and_the_end_is_orderly(
    environment: Environment,
) -> None:
    with _ready(environment) as (process, base), httpx.Client(base_url=base) as client:
        assert client.get("/readyz").json()["status"] == "ready"
        assert "Connection" not in client.get("/health").headers
        assert _connections(client) == 1
        process.send_signal(signal.SIGUSR1)
        _await_event(process, "draining")
        ready = client.get("/readyz")
        assert (ready.status_code, ready.json()["status"], ready.json()["inflight"]) == (503, "draining", 0)
        assert ready.headers["Connection"] == "close"
        assert _connections(client) == 0
        assert client.get("/health").status_code == 200
        process.send_signal(signal.SIGTERM)
        lines = _rest(process)
    assert process.returncode in {0, -signal.SIGTERM, 128 + signal.SIGTERM}
    assert (lines[-1]["event"], lines[-1]["inflight"]) == ("shutdown_complete", 0)


def _connections(client: httpx.Client) -> int:
    """Connections the client could use again."""
    transport = client._transport
    assert isinstance(transport, httpx.HTTPTransport)
    return len(transport._pool.connections)


def test_a_request_under_way_is_answered_before_the_end(environment: Environment) -> None:
    body = json.dumps({"email": "nobody@x.example", "password": "x" * 100}).encode()
    head = (
        b"POST /api/auth/login HTTP/1.1\r\nHost: t\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with _ready(environment) as (process, base):
        url = httpx.URL(base)
        with socket.create_connection((url.host, url.port or 0), timeout=10) as connection:
            connection.sendall(head + body[:10])
            _wait_for(lambda: httpx.get(base + "/readyz").json()["inflight"] == 1)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            assert process.poll() is None
            connection.sendall(body[10:])
            assert connection.recv(4096).startswith(b"HTTP/1.1 401")
        assert _rest(process)[-1]["event"] == "shutdown_complete"


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
