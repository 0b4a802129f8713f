"""Whole deployments onto a container engine: forward, back, killed in the middle, and side by side."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.load.run import Load
from tests.load.background import under_load
from tests.system.conftest import a_site
from tests.system.site import Site
from tests.system.wharf import cleared, driven, labelled, on_docker, running

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]


@pytest.fixture(scope="module")
def docked(engine: "DockerClient") -> Iterator[Site]:
    """The second service, deployed once onto the engine; the tests of a module share it."""
    driven(engine)
    with a_site() as made, cleared(engine, made):
        on_docker(made).deploy().expect(0)
        yield made


def serving(site: Site) -> str:
    """The id of the release that serves, which is reached."""
    said = site.facts("status")
    assert (said["process"], said["reachable"]) == ("runs", True), said
    assert site.answers()["commit"] == said["commit"]
    return str(said["serving"].rpartition(" ")[2])


def test_a_deploy_serves_from_a_container_whose_engine_knows_no_secret(
    docked: Site, engine: "DockerClient"
) -> None:
    assert running(engine, docked) == {serving(docked)}
    assert "postgresql://" not in str([one.attrs for one in labelled(engine, docked)])


def test_the_next_one_leaves_the_former_warm_and_a_rollback_returns_to_it_and_nobody_notices(
    docked: Site, engine: "DockerClient"
) -> None:
    first = serving(docked)
    docked.migrate()
    with under_load(Load(f"{docked.url}/notes", rate=50, connections=4)) as load:
        docked.deploy().expect(0)
        second = serving(docked)
        assert running(engine, docked) == {first, second}
        docked.run("rollback", "--yes").expect(0)
        assert serving(docked) == first
        docked.run("rollback", "--to", second, "--yes").expect(0)
        assert serving(docked) == second
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"]), load.summary


def test_two_services_of_one_engine_never_meet(docked: Site, engine: "DockerClient") -> None:
    former = serving(docked)
    with a_site() as other, cleared(engine, other):
        on_docker(other).deploy().expect(0)
        assert serving(other) != former
        other.stop()
        assert running(engine, other) == set()
        assert former in running(engine, docked)
    assert serving(docked) == former


def test_a_release_that_is_never_ready_is_taken_back_with_its_last_words(
    docked: Site, engine: "DockerClient"
) -> None:
    former = serving(docked)
    file = docked.root / "Dockerfile"
    text = file.read_text()
    file.write_text(text.replace('"8000"]', '"8001"]'))
    docked.change()
    ended = docked.deploy().expect(10)
    file.write_text(text)
    docked.change()
    assert "was not ready within" in ended.err + ended.out
    assert "serving on 0.0.0.0:8001" in ended.err + ended.out
    assert serving(docked) == former
    assert len(labelled(engine, docked)) <= 4


def test_what_was_stopped_is_up_again_after_the_next_deploy(docked: Site, engine: "DockerClient") -> None:
    docked.stop()
    assert running(engine, docked) == set()
    assert docked.facts("status")["reachable"] is False
    docked.change()
    docked.deploy().expect(0)
    assert serving(docked) == docked.operations()[-1]
