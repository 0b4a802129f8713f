"""Whole deployments onto an engine of another host, by ssh: forward and back, and nobody notices."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import psutil
import pytest

from hotelctl.adapters.load.run import Load
from hotelctl.deploy.journal import Kind, Record
from tests.deploy.waiting import came_true
from tests.far_engine import by_ssh
from tests.load.background import under_load
from tests.system.offshore import Shore, landed, serving
from tests.system.site import Site
from tests.system.tidiness import WARM
from tests.system.wharf import labelled

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]
KILLED = -9


@pytest.fixture(scope="module")
def shore(engine: "DockerClient") -> Iterator[Shore]:
    """The second service, deployed once; the tests of a module share it."""
    with landed(engine, by_ssh) as site:
        yield site


def releases(client: "DockerClient", site: Site) -> set[str]:
    """Those whose containers run."""
    found = (one for one in labelled(client, site) if one.status == "running")
    return {one.labels["hotelctl.release"] for one in found if "hotelctl.release" in one.labels}


def test_two_deploys_and_a_rollback_lose_no_request(shore: Shore, engine: "DockerClient") -> None:
    site, first = shore.site, serving(shore.site)
    with under_load(Load(f"{shore.url}/notes", rate=50, connections=4)) as load:
        site.migrate()
        site.deploy().expect(0)
        second = serving(site)
        site.change()
        site.deploy().expect(0)
        third = serving(site)
        assert releases(engine, site) == {second, third}
        site.run("rollback", "--yes").expect(0)
        assert serving(site) == second
    assert len({first, second, third}) == 3
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"]), load.summary


def _hard(records: tuple[Record, ...]) -> list[tuple[str, int, str]]:
    """The records before which the engine was changed and nothing says so yet, and what is asked for then."""
    found = {f"{r.step} {r.kind}": r.seq for r in records if r.kind in {Kind.EFFECT, Kind.DONE}}
    ways = {"stage done": "abort", "switch effect": "resume", "switch done": "resume"}
    return [(at, found[at], way) for at, way in ways.items()]


def test_a_deploy_killed_where_it_is_hardest_is_resumed_or_taken_back(
    shore: Shore, engine: "DockerClient"
) -> None:
    site = shore.site
    for at, record, way in _hard(site.records(site.operations()[0])):
        former = serving(site)
        site.change()
        killed = site.run("deploy", "--yes", fault=f"before@{record}")
        assert killed.code == KILLED, f"{at}: {killed}"
        assert _tunnels(shore) == []
        site.run(way).expect(0)
        assert serving(site) == (site.operations()[-1] if way == "resume" else former), at
        assert len(releases(engine, site)) <= WARM, at


def test_what_was_stopped_is_up_again_after_the_next_deploy(shore: Shore, engine: "DockerClient") -> None:
    site = shore.site
    site.stop()
    assert [one.name for one in labelled(engine, site) if one.status == "running"] == []
    said = site.facts("status")
    assert (said["reachable"], said["unreachable"]) == (False, "it is stopped")
    site.change()
    site.deploy().expect(0)
    assert serving(site) == site.operations()[-1]


def _tunnels(shore: Shore) -> list[str]:
    """The command lines of every ssh to that host: one of a killed command ends by itself."""
    port = shore.environ["DOCKER_HOST"].rpartition(":")[2]

    def found() -> list[str]:
        lines = (process.info["cmdline"] or () for process in psutil.process_iter(["cmdline"]))
        return [" ".join(line) for line in lines if "-L" in line and port in line]

    came_true(lambda: not found(), 20)
    return found()
