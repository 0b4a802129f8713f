"""The table of ignore patterns is what a real Docker client sends to a server that only keeps it."""

import io
import json
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

TABLE = json.loads((Path(__file__).parents[1] / "data" / "dockerignore.json").read_text())
pytestmark = [
    pytest.mark.system,
    pytest.mark.skipif(shutil.which("docker") is None, reason="no Docker client is installed"),
]


class _Engine(BaseHTTPRequestHandler):
    """Answers as an engine would, and keeps the names in the context of the last build."""

    protocol_version = "HTTP/1.1"
    sent: tuple[str, ...] = ()

    def log_message(self, *_words: object) -> None:
        """Say nothing."""

    def do_HEAD(self) -> None:
        self._answer(b"")

    def do_GET(self) -> None:
        self._answer(b"{}")

    def do_POST(self) -> None:
        with tarfile.open(fileobj=io.BytesIO(b"".join(self._chunks()))) as archive:
            type(self).sent = tuple(member.name for member in archive if not member.isdir())
        self._answer(b'{"stream":"done"}\n')

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline(), 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        for name, value in (("Api-Version", "1.43"), ("Builder-Version", "1"), ("Content-Length", len(body))):
            self.send_header(name, str(value))
        self.end_headers()
        self.wfile.write(body)


@contextmanager
def engine() -> Iterator[str]:
    """The address of the server."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Engine)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"tcp://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_the_table_is_what_the_client_sends(tmp_path: Path) -> None:
    for name in TABLE["files"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("FROM scratch\n")
    env = {"PATH": os.environ["PATH"], "DOCKER_BUILDKIT": "0", "HOME": str(tmp_path / ".no-home")}
    wrong = []
    with engine() as address:
        for case in TABLE["cases"]:
            (tmp_path / ".dockerignore").write_text("\n".join(case["patterns"]) + "\n")
            command = ["docker", "-H", address, "build", "-q", "."]
            subprocess.run(command, cwd=tmp_path, env=env, check=True, capture_output=True, timeout=60)
            kept_out = sorted({*TABLE["files"]} - {*_Engine.sent, "Dockerfile"})
            wrong += [case["patterns"]] if kept_out != case["kept_out"] else []
    assert wrong == []
