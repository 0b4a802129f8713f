import os
import socket
import sys
from pathlib import Path

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.http import HttpClient
from hotelctl.adapters.instances import LocalInstances
from hotelctl.core.errors import StepFailed
from tests.fakes.evidence import FakeEvidence
from tests.load.misbehaving import Misbehaving

pytestmark = pytest.mark.system
_PATIENCE_S = 60


@pytest.fixture
def instances(evidence: FakeEvidence) -> LocalInstances:
    return LocalInstances(evidence, SystemClock(), os.environ)


def _serve(port: int) -> list[str]:
    return [sys.executable, "-m", "http.server", str(port), "--bind", "127.0.0.1"]


def test_it_is_ready_inside_the_block_and_gone_afterwards(
    instances: LocalInstances, evidence: FakeEvidence, tmp_path: Path
) -> None:
    (tmp_path / "page").write_text("hello")
    port = instances.free_port()
    url = f"http://127.0.0.1:{port}/page"
    http = HttpClient(FakeEvidence(), SystemClock())
    with instances.running(_serve(port), {}, tmp_path, url, _PATIENCE_S):
        assert http.request("GET", url).body == "hello"
    assert http.request("GET", url).error == "connection refused"
    http.close()
    [record] = evidence.records
    assert "GET /page" in evidence.outputs[record["id"]]


def test_who_ends_before_it_is_ready_says_its_last_words(instances: LocalInstances, tmp_path: Path) -> None:
    argv = [sys.executable, "-c", "import sys; print('starting'); sys.exit('no database')"]
    with (
        pytest.raises(StepFailed, match=r"ended before it was ready: .*no database"),
        instances.running(argv, {}, tmp_path, "http://127.0.0.1:1/", _PATIENCE_S),
    ):
        pytest.fail("it never was ready")


def test_who_is_never_ready_is_stopped_at_the_limit(instances: LocalInstances, tmp_path: Path) -> None:
    """Another server answers in its stead, so that it matters not how soon this one comes up."""
    port = instances.free_port()
    with (
        Misbehaving(_not_found).serving() as other,
        pytest.raises(StepFailed, match=r"not ready in time .*status 404"),
        instances.running(_serve(port), {}, tmp_path, other.url, 1.0),
    ):
        pytest.fail("it never was ready")
    http = HttpClient(FakeEvidence(), SystemClock())
    assert http.request("GET", f"http://127.0.0.1:{port}/").status is None
    http.close()


def _not_found(client: socket.socket) -> bool:
    client.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
    return True


def test_the_environment_is_what_was_given_and_the_allow_list(
    instances: LocalInstances, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "of hotelctl itself")
    argv = [
        sys.executable,
        "-c",
        'import os, sys; sys.exit(f\'{os.getenv("DATABASE_URL")} {os.environ["GIVEN"]}\')',
    ]
    with (
        pytest.raises(StepFailed, match="None here"),
        LocalInstances(FakeEvidence(), SystemClock(), os.environ).running(
            argv, {"GIVEN": "here"}, tmp_path, "http://127.0.0.1:1/", _PATIENCE_S
        ),
    ):
        pytest.fail("it never was ready")
    assert instances.free_port() != 0
