import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Program:
    """The service as a process."""

    def __init__(self, database_url: str) -> None:
        self.port = _free_port()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "plainsvc", "--port", str(self.port)],
            env={**os.environ, "NOTES_DATABASE_URL": database_url},
            stderr=subprocess.PIPE,
            text=True,
        )
        assert self.process.stderr is not None
        assert "serving on" in self.process.stderr.readline()

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)

    def stop(self) -> tuple[int, str]:
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, errors


@pytest.fixture
def program(database_url: str) -> Iterator[Program]:
    running = Program(database_url)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.communicate()


def test_connections_are_kept_and_a_stop_is_clean(program: Program) -> None:
    connection = program.connect()
    for _ in range(3):
        connection.request("GET", "/version")
        answer = connection.getresponse()
        assert answer.version == 11
        assert json.loads(answer.read())["name"] == "plainsvc"
        assert answer.getheader("Connection") == "keep-alive"
    began = time.monotonic()
    code, errors = program.stop()  # an idle kept connection must not hold it up
    connection.close()
    assert (code, errors.splitlines()[-1]) == (0, "stopped cleanly")
    assert time.monotonic() - began < 3


def test_a_body_without_a_usable_length_is_refused(program: Program) -> None:
    for headers in ({"Content-Length": "x"}, {"Content-Length": "99999"}, {"Transfer-Encoding": "chunked"}):
        connection = program.connect()
        connection.putrequest("POST", "/notes")
        for name, value in headers.items():
            connection.putheader(name, value)
        connection.endheaders()
        answer = connection.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (413, "close")
        answer.read()
        connection.close()


def test_without_a_database_url_it_says_so() -> None:
    environment = {name: value for name, value in os.environ.items() if name != "NOTES_DATABASE_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "plainsvc", "--port", "1"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (2, "NOTES_DATABASE_URL is not set\n")
