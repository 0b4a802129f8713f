"""An engine that refuses a build, says what no engine says, or ends in the middle of it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hotelctl.adapters.docker_build import DockerBuilds
from hotelctl.core.errors import StepFailed
from hotelctl.core.image_builds import Recipe
from tests.fakes.evidence import FakeEvidence
from tests.fakes.processes import FakeProcesses

pytestmark = pytest.mark.system

_STEP = b'{"stream":"Step 1/2 : RUN make"}\r\n'


@contextmanager
def _engine(status: int, *parts: bytes, whole: bool = True) -> Iterator[str]:
    """`DOCKER_HOST` of an engine that answers a build with these parts, and then closes the line."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = b'{"ApiVersion": "1.41"}'
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for part in parts:
                self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
            if whole:
                self.wfile.write(b"0\r\n\r\n")
            self.close_connection = True

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"tcp://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()


def _said(place: Path, host: str) -> tuple[str, FakeEvidence]:
    """How the build was refused, and what is recorded of it."""
    (place / "Dockerfile").write_text("FROM debian\n", encoding="utf-8")
    evidence = FakeEvidence()
    recipe = Recipe(place, place / "Dockerfile", {}, {}, 20)
    with pytest.raises(StepFailed) as failed:
        DockerBuilds({"DOCKER_HOST": host}, evidence, FakeProcesses()).build(recipe, lambda _: None)
    return failed.value.message, evidence


@pytest.mark.parametrize("whole", [True, False])
def test_one_that_ends_in_the_middle_is_told_with_the_step(tmp_path: Path, *, whole: bool) -> None:
    with _engine(200, _STEP, b'{"stream":"cc -c a.c\\n"}\r\n', whole=whole) as host:
        said, evidence = _said(tmp_path, host)
    assert said.startswith("the container engine ended while it built the image at step 1/2 RUN make")
    (record,) = evidence.records
    assert record["last_step"] == "1/2 RUN make"
    assert not record["image"]
    assert "cc -c a.c" in "".join(evidence.outputs.values())


def test_a_list_of_what_stays_out_may_be_other_bytes_than_utf_8(tmp_path: Path) -> None:
    (tmp_path / ".dockerignore").write_bytes(b"\xef\xbb\xbfcaf\xe9\n")
    with _engine(200, _STEP) as host:
        said, _ = _said(tmp_path, host)
    assert "ended while it built the image" in said, "the engine was asked"


def test_one_that_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    with _engine(500, b'{"message":"dockerfile parse error line 1: unknown instruction: FRUM"}') as host:
        said, _ = _said(tmp_path, host)
    assert said.endswith("refuses the build: dockerfile parse error line 1: unknown instruction: FRUM")


def test_one_that_says_what_no_engine_says_is_none(tmp_path: Path) -> None:
    with _engine(200, b"<html>no</html>\r\n") as host:
        said, _ = _said(tmp_path, host)
    assert said.startswith("the container engine ended while it built the image")


def test_a_disk_without_room_for_what_is_sent_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import docker.utils  # noqa: PLC0415 - an extra

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(docker.utils, "tar", full)
    with _engine(200, _STEP) as host:
        said, _ = _said(tmp_path, host)
    assert said.startswith("what is sent to the engine cannot be packed in /")
    assert said.endswith("No space left on device")
