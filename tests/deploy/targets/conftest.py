"""A place for real releases; whatever a test started is stopped after it."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest

from hotelctl.cli._stop import stop_all
from tests.deploy.targets.far_harbour import FarHarbour
from tests.deploy.targets.harbour import Harbour, named
from tests.deploy.targets.place import Place, eventually
from tests.edge_image import edge_image
from tests.far_engine import by_ssh

if TYPE_CHECKING:
    from docker import DockerClient

# Longer than a socket's path may be, and with what means something to Caddy, to a shell and to a URL.
UNKIND = "a {project}: 'é' & $HOME%20 " + 90 * "x"


# What a person waits for is short; a busy machine may take longer, and no test is about these limits.
_LIMITS = ("leading.LIMIT_S", "supervision.START_LIMIT_S", "supervision.STOP_MARGIN_S")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """An empty state directory; afterwards nothing that names it runs."""
    for limit in _LIMITS:
        monkeypatch.setattr(f"hotelctl.deploy.targets.{limit}", 60.0)
    found = Place(tmp_path / UNKIND / ".hotelctl" / "local")
    yield found
    for _ in stop_all(found.places):
        pass
    # Of several supervisors that are started at once all but one end when they see that.
    eventually(lambda: not running_below(tmp_path), 15)


@pytest.fixture
def harbour(tmp_path: Path, engine: "DockerClient", monkeypatch: pytest.MonkeyPatch) -> Iterator[Harbour]:
    """An empty state directory and an engine; afterwards nothing of its service is on either."""
    for limit in _LIMITS:
        monkeypatch.setattr(f"hotelctl.deploy.targets.{limit}", 60.0)
    found = Harbour(tmp_path / UNKIND / ".hotelctl" / "local", engine, named([str(tmp_path)]))
    try:
        yield found
        for _ in stop_all(found.places):
            pass
        eventually(lambda: not running_below(tmp_path), 15)
    finally:
        found.clear()


@pytest.fixture(scope="module")
def far_engine(engine: "DockerClient", request: pytest.FixtureRequest) -> Iterator[Mapping[str, str]]:
    """How the machine's engine is reached, by ssh where a test says nothing; it has an image for an edge."""
    edge_image(engine)
    with getattr(request, "param", by_ssh)() as environ:
        yield environ


@pytest.fixture
def far_harbour(
    tmp_path: Path, engine: "DockerClient", far_engine: Mapping[str, str], monkeypatch: pytest.MonkeyPatch
) -> Iterator[FarHarbour]:
    """An empty state directory and an engine elsewhere; afterwards nothing of its service is on either."""
    monkeypatch.setattr("hotelctl.deploy.targets.leading.LIMIT_S", 60.0)
    for name, value in far_engine.items():
        monkeypatch.setenv(name, value)
    state = tmp_path / UNKIND / ".hotelctl" / "local"
    found = FarHarbour(state, engine, named([str(tmp_path)]), environ=far_engine)
    try:
        yield found
        for _ in stop_all(found.places):
            pass
        eventually(lambda: not running_below(tmp_path), 15)
    finally:
        found.clear()


def running_below(directory: Path) -> list[str]:
    """Command lines of processes that name or work in `directory`."""
    return [
        " ".join(process.info["cmdline"] or ())
        for process in psutil.process_iter(["cmdline", "cwd", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and (
            any(str(directory) in word for word in process.info["cmdline"] or ())
            or str(process.info["cwd"] or "").startswith(f"{directory}/")
        )
    ]


def instances(state: Path) -> list[int]:
    """Processes that run the test service for this state directory."""
    return [
        process.pid
        for process in psutil.process_iter(["cmdline", "status"])
        if process.info["status"] != psutil.STATUS_ZOMBIE
        and any(word.startswith(f"{state}/releases") for word in process.info["cmdline"] or ())
    ]
