"""The process itself: exit codes, drain, orderly end."""

import json
import os
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
import psycopg
import pytest

from hotelctl.app import contract
from hotelctl.app.domain.schema import SCHEMA_SERIAL
from hotelctl.app.instance import main
from hotelctl.app.services import keyring

pytestmark = pytest.mark.database
_ROOT = Path(__file__).parents[2]
_PATIENCE_S = 180
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
    own = contract.variables()
    others = {name: value for name, value in os.environ.items() if name not in own}
    return subprocess.Popen(
        [sys.executable, "-m", "hotelctl.app", "--port", str(port)],
        cwd=_ROOT,
        env={**others, **environment},
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
    out, _ = process.communicate(timeout=_PATIENCE_S)
    return [json.loads(line) for line in out.splitlines()]


@pytest.fixture
def refused(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Callable[..., tuple[int, Line]]]:
    """Runs a start that ends before it serves; gives exit code and last line."""

    def start(environment: Environment, port: int = 0) -> tuple[int, Line]:
        for name in contract.variables():
            monkeypatch.delenv(name, raising=False)
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        code = main(["--port", str(port)])
        lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
        assert [line["level"] for line in lines] == ["info", "error"]
        assert lines[-1]["exit_code"] == code
        return code, lines[-1]

    before = signal.getsignal(signal.SIGUSR1)
    yield start
    signal.signal(signal.SIGUSR1, before)


def test_missing_settings_are_named_all_at_once(refused: Callable[..., tuple[int, Line]]) -> None:
    code, line = refused({})
    assert (code, line["event"]) == (78, "config_invalid")
    assert {problem["key"] for problem in line["problems"]} == {
        "DATABASE_URL",
        "HOTEL_KEYRING",
        "HOTEL_PUBLIC_URL",
        "HOTEL_ENV",
    }


def test_a_missing_keyring_is_configuration(
    refused: Callable[..., tuple[int, Line]], environment: Environment, tmp_path: Path
) -> None:
    code, line = refused({**environment, "HOTEL_KEYRING": str(tmp_path / "none")})
    assert (code, line["event"], line["problems"][0]["key"]) == (78, "config_invalid", "HOTEL_KEYRING")


def test_a_key_without_its_library_is_configuration(
    refused: Callable[..., tuple[int, Line]], environment: Environment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("hotelctl.app.services.external.openai.OpenAI.library", "no_such_library")
    code, line = refused({**environment, "OPENAI_API_KEY": "s3cr3t"})
    assert (code, line["event"], line["problems"][0]["key"]) == (78, "config_invalid", "OPENAI_API_KEY")
    assert "extra `openai`" in line["msg"]
    assert "s3cr3t" not in json.dumps(line)


def test_all_that_is_wrong_beside_single_values_is_told_at_once(
    refused: Callable[..., tuple[int, Line]],
    environment: Environment,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    """Keys without their library, a keyring that is not there and an old name that says otherwise."""
    monkeypatch.setattr("hotelctl.app.services.external.openai.OpenAI.library", "no_such_library")
    wrong = {"HOTEL_KEYRING": str(tmp_path / "none"), "NEXTAUTH_URL": "http://elsewhere.example"}
    code, line = refused({**environment, "OPENAI_API_KEY": "s3cr3t", **wrong})
    assert (code, line["event"]) == (78, "config_invalid")
    assert [problem["key"] for problem in line["problems"]] == [
        "NEXTAUTH_URL",
        "HOTEL_KEYRING",
        "OPENAI_API_KEY",
    ]


def test_a_taken_port_is_named(refused: Callable[..., tuple[int, Line]], environment: Environment) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, line = refused(environment, port)
    assert (code, line["event"]) == (75, "dependency_unavailable")
    assert f"127.0.0.1:{port}" in line["msg"]


@pytest.mark.parametrize(
    ("code", "event"),
    [(78, "config_invalid"), (75, "dependency_unavailable"), (65, "schema_incompatible")],
)
def test_a_start_that_fails_beside_the_listener_ends_the_process(
    code: int, event: str, environment: Environment, owner_url: str
) -> None:
    """As a role that policies do not hold, without a server, and on a schema for newer code only."""
    places = {78: owner_url, 75: "postgresql://x@127.0.0.1:1/x"}
    if code not in places:
        with psycopg.connect(owner_url) as connection:
            connection.execute("UPDATE schema_compat SET min_code_serial = %s", (SCHEMA_SERIAL + 1,))
    process = _spawn({**environment, "DATABASE_URL": places.get(code, environment["DATABASE_URL"])})
    lines = _rest(process)
    assert process.returncode == code
    assert [line["event"] for line in lines] == ["starting", "listening", event]
    assert (lines[-1]["level"], lines[-1]["exit_code"]) == ("error", code)


def test_connections_stay_open_until_a_drain_closes_them_and_the_end_is_orderly(
    environment: Environment,
) -> None:
    with _ready(environment) as (process, base), httpx.Client(base_url=base, timeout=_PATIENCE_S) as client:
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
        b"POST /api/auth/login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % len(body)
    )
    with _ready(environment) as (process, base):
        url = httpx.URL(base)
        with socket.create_connection((url.host, url.port or 0), timeout=_PATIENCE_S) as connection:
            connection.sendall(head + body[:10])
            _wait_for(lambda: httpx.get(base + "/readyz", timeout=_PATIENCE_S).json()["inflight"] == 1)
            process.send_signal(signal.SIGTERM)
            time.sleep(0.2)
            assert process.poll() is None
            connection.sendall(body[10:])
            assert connection.recv(4096).startswith(b"HTTP/1.1 401")
        assert _rest(process)[-1]["event"] == "shutdown_complete"


def _wait_for(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + _PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.02)
