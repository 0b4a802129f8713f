import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from hotelctl.adapters.contained import discard
from hotelctl.adapters.docker_engine import docker_engine, is_here
from hotelctl.core.errors import Unavailable


@contextmanager
def answering(body: bytes) -> Iterator[int]:
    """The port of a server that gives this answer to every question."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None: ...

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_address[1]
        finally:
            server.shutdown()
            thread.join()


def test_where_no_engine_answers_the_reason_is_the_systems_own(tmp_path: Path) -> None:
    environ = {"DOCKER_HOST": f"unix://{tmp_path}/none.sock"}
    said = f"^the container engine cannot be asked: no such file or directory, at {tmp_path}/none.sock$"
    with pytest.raises(Unavailable, match=said), docker_engine(environ, 5):
        pass


def test_an_address_that_is_none_is_said() -> None:
    with (
        pytest.raises(Unavailable, match=r"cannot be asked: .*nowhere"),
        docker_engine({"DOCKER_HOST": "nowhere://x"}, 5),
    ):
        pass


def test_without_the_library_it_is_said_how_to_have_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    with pytest.raises(Unavailable, match=r"python -m pip install 'docker>=7\.1'"), docker_engine({}, 5):
        pass


@pytest.mark.parametrize(
    ("host", "here"),
    [({}, True), ({"DOCKER_HOST": "unix:///run/x"}, True), ({"DOCKER_HOST": "ssh://a"}, False)],
)
def test_an_engine_behind_a_socket_of_this_machine_shares_its_files(
    host: dict[str, str], *, here: bool
) -> None:
    assert is_here(host) is here


@pytest.mark.parametrize("host", ["tcp://[::1", "tcp://127.0.0.1:{port}"])
@pytest.mark.parametrize("answer", [b"{}", b"[]", b'{"ApiVersion": "x.y"}'])
@pytest.mark.system
def test_what_is_no_engine_is_said_to_be_none(host: str, answer: bytes) -> None:
    with answering(answer) as port:
        environ = {"DOCKER_HOST": host.format(port=port)}
        with pytest.raises(Unavailable, match="is no container engine"), docker_engine(environ, 5):
            pass


def test_without_the_library_nothing_is_asked_of_it_to_discard_what_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docker", None)
    monkeypatch.setitem(sys.modules, "docker.errors", None)
    discard(tmp_path / "none", {})
    (tmp_path / "mark").write_text("name\n\n")
    with pytest.raises(Unavailable, match=r"python -m pip install 'docker>=7\.1'"):
        discard(tmp_path / "mark", {})
