"""The container engine is killed while a deploy is under way: what serves goes on, and it ends well."""

import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.own_engine import OwnEngine, own_engine
from tests.system.conftest import a_site
from tests.system.site import Site
from tests.system.wharf import DRIVEN, driven, on_docker

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]
INTERRUPTED = 75


@pytest.fixture(scope="module")
def lost(engine: "DockerClient") -> Iterator[OwnEngine]:
    driven(engine)
    with own_engine(engine, DRIVEN) as made:
        yield made


@pytest.fixture
def docked(lost: OwnEngine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """The second service, deployed once onto that engine."""
    monkeypatch.setenv("DOCKER_HOST", lost.environ["DOCKER_HOST"])
    with a_site() as made:
        try:
            on_docker(made).deploy().expect(0)
            made.change()
            yield made
        finally:
            made.stop()


def test_an_engine_of_a_tests_own_leaves_the_containers_of_the_machines_connected(
    engine: "DockerClient",
) -> None:
    ports = Path("/sys/class/net/docker0/brif")
    running = engine.containers.run(DRIVEN, entrypoint=["sleep", "300"], detach=True)
    try:
        connected = set(ports.iterdir())
        with own_engine(engine):
            assert connected <= set(ports.iterdir())
        assert connected <= set(ports.iterdir())
    finally:
        running.remove(force=True)
    assert connected


def _at(site: Site, former: tuple[str, ...], step: str, process: "subprocess.Popen[str]") -> None:
    """Return when the deploy has come to that step."""
    until = time.monotonic() + 200
    while time.monotonic() < until and process.poll() is None:
        new = [name for name in site.operations() if name not in former]
        if new and any(record.step == step for record in site.records(new[0])):
            return
        time.sleep(0.01)
    raise AssertionError(f"it never came to {step}: {site.end(process)}")


@pytest.mark.parametrize("step", ["build", "stage", "switch"])
def test_an_engine_that_is_killed_and_comes_back_delays_a_deploy_or_it_is_resumed(
    docked: Site, lost: OwnEngine, step: str
) -> None:
    former = docked.operations()
    deploying = docked.start("deploy", "--yes")
    _at(docked, former, step, deploying)
    lost.kill()
    time.sleep(1)
    lost.start()
    ended = docked.end(deploying, "deploy", "--yes")
    assert "Traceback" not in ended.out + ended.err
    if ended.code == INTERRUPTED:
        docked.run("resume").expect(0)
    elif step == "build":
        assert ended.code in {0, 10}, str(ended)
        if ended.code:
            docked.deploy().expect(0)
    else:
        ended.expect(0)
    said = docked.facts("status")
    assert (said["process"], said["reachable"]) == ("runs", True)
    assert said["serving"].endswith(docked.operations()[-1])


def test_without_an_engine_a_deploy_is_refused_in_one_line_and_what_serves_goes_on(
    docked: Site, lost: OwnEngine
) -> None:
    lost.kill()
    try:
        said = docked.facts("status")
        assert said["process"].startswith("unknown: the container engine cannot be asked: ")
        ended = docked.deploy()
        assert ended.code in {1, 10}, str(ended)
        assert "Traceback" not in ended.out + ended.err
        assert "the container engine cannot be asked: connection refused" in ended.out + ended.err
        assert "hint: start the container engine" in ended.err
    finally:
        lost.start()
    docked.deploy().expect(0)
