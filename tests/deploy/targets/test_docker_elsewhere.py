"""What an engine of another host does otherwise than one of this machine: edge, ways, refusals."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest

from hotelctl.core.errors import StepFailed
from tests.deploy.targets.far_harbour import FarHarbour
from tests.deploy.targets.place import ask, direct_port, eventually
from tests.edge_image import edge_image
from tests.far_engine import by_tls

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]


def edge(harbour: FarHarbour) -> Any:  # noqa: ANN401 - the SDK's container
    found = [
        one
        for one in harbour.client.containers.list(
            all=True, filters={"label": f"hotelctl.service={harbour.name}"}
        )
        if "-edge-" in one.name
    ]
    assert len(found) == 1, found
    return found[0]


@contextmanager
def image(client: "DockerClient", name: str, caddy: bytes | None = None) -> Iterator[str]:
    """An image for an edge that is gone afterwards."""
    edge_image(client, name, caddy)
    try:
        yield name
    finally:
        client.images.remove(name, force=True)


@pytest.mark.parametrize("far_engine", [by_tls], indirect=True)
def test_by_tls_traffic_moves_is_counted_and_noted(far_harbour: FarHarbour) -> None:
    target, began = far_harbour.target(), datetime.now(UTC)
    first = far_harbour.serve(target, "r1", 1)
    assert far_harbour.version() == "commit-r1"
    slow = threading.Thread(target=ask, args=(far_harbour.port, "/slow?s=4"))
    slow.start()
    eventually(lambda: target.inflight(first) == 1)
    second = far_harbour.serve(target, "r2", 2)
    assert (far_harbour.version(), target.serving()) == ("commit-r2", second)
    drained = target.retire(first)
    slow.join()
    assert drained.clean, drained
    asked = [one.asked for one in target.answers(first, began)()]
    assert "GET /slow" in asked
    assert target.process(second) is None


def test_the_engine_tells_no_variable_and_opens_no_port_of_a_release(far_harbour: FarHarbour) -> None:
    release = far_harbour.release("r1")
    target = far_harbour.target()
    target.prepare(far_harbour.port)
    url = far_harbour.ready(target, release, SECRET="only for the release")
    assert ask(direct_port(url), "/environment")[1]["env"]["SECRET"] == "only for the release"
    found = far_harbour.client.containers.get(f"{far_harbour.name}-local-r1")
    assert "only for the release" not in str(found.attrs)
    assert found.attrs["HostConfig"]["PortBindings"] in ({}, None)
    assert found.attrs["Mounts"] == []


def test_each_way_ends_with_its_connection(far_harbour: FarHarbour) -> None:
    target = far_harbour.target()
    far_harbour.serve(target, "r1", 1)
    for _ in range(3):
        assert ask(direct_port(target.entrance(far_harbour.port)), "/version")[0] == 200
    eventually(lambda: len(edge(far_harbour).top()["Processes"]) == 1, 20)


def test_another_image_makes_another_edge_that_goes_on_where_the_former_was(
    far_harbour: FarHarbour, engine: "DockerClient"
) -> None:
    release = far_harbour.serve(far_harbour.target(), "r1", 7)
    before = edge(far_harbour)
    far_harbour.target().prepare(far_harbour.port)
    assert edge(far_harbour).id == before.id
    with image(engine, f"{far_harbour.name}:newer") as newer:
        changed = far_harbour.target(edge={"image": newer})
        changed.prepare(far_harbour.port)
        assert edge(far_harbour).id != before.id
        assert (changed.serving(), far_harbour.version()) == (release, "commit-r1")
        with pytest.raises(StepFailed, match="fence 6, but 7 was here"):
            changed.route(release, 6)
        edge(far_harbour).remove(force=True)
        assert changed.serving() == release
        changed.prepare(far_harbour.port)
        assert far_harbour.version() == "commit-r1"
        edge(far_harbour).remove(force=True)


def test_an_older_caddy_is_refused_and_what_serves_goes_on(
    far_harbour: FarHarbour, engine: "DockerClient"
) -> None:
    far_harbour.serve(far_harbour.target(), "r1", 1)
    before = edge(far_harbour)
    refusals = {
        b"echo v2.10.2 h1:x": r"has Caddy 2\.10\.2: the edge needs 2\.11\.2 or newer",
        b"exit 3": "is no image for an edge",
    }
    for words, told in refusals.items():
        with (
            image(engine, f"{far_harbour.name}:odd", b"#!/bin/sh\n" + words + b"\n") as odd,
            pytest.raises(StepFailed, match=told),
        ):
            far_harbour.target(edge={"image": odd}).prepare(far_harbour.port)
    assert (edge(far_harbour).id, far_harbour.version()) == (before.id, "commit-r1")


def test_an_edge_of_no_image_is_refused_first(far_harbour: FarHarbour) -> None:
    with pytest.raises(StepFailed, match="nothing says which image its edge is of") as refusal:
        far_harbour.target(edge={}).obstacle(far_harbour.port)
    assert "in [docker.edge]" in refusal.value.hint


def test_a_foreign_container_of_the_edges_name_is_never_touched(far_harbour: FarHarbour) -> None:
    target = far_harbour.target()
    target.prepare(far_harbour.port)
    name = edge(far_harbour).name
    edge(far_harbour).remove(force=True)
    foreign = far_harbour.client.containers.create("hotelctl-base:tests", ["sleep", "60"], name=name)
    try:
        for act in (target.obstacle, target.prepare):
            with pytest.raises(StepFailed, match="is there already, and it is not of this environment"):
                act(far_harbour.port)
        foreign.reload()
        assert foreign.status == "created"
    finally:
        foreign.remove(force=True)


def test_files_of_this_machine_are_handed_over_or_refused(far_harbour: FarHarbour) -> None:
    keys = far_harbour.state / "keyring"
    keys.mkdir(parents=True, mode=0o700)
    (keys / "a.pem").write_text("first")
    with pytest.raises(StepFailed, match=r"gives \{state\}/keyring of this machine to the container"):
        far_harbour.target(run={"mounts": ["{state}/keyring"]}).obstacle(far_harbour.port)
    target = far_harbour.target(state="/srv/state", run={"handed": ["{state}/keyring"]})
    target.prepare(far_harbour.port)
    far_harbour.ready(target, far_harbour.release("r1"))
    containers, name = far_harbour.containers(), f"{far_harbour.name}-local-r1"
    assert containers.content(name, "/srv/state/keyring/a.pem") == b"first"
    # Also of a program that has ended before anybody reads.
    assert {containers.run(name, ["cat", "/srv/state/keyring/a.pem"]) for _ in range(20)} == {(0, "first")}


def test_a_database_of_this_machine_alone_is_refused(far_harbour: FarHarbour) -> None:
    target = far_harbour.target()
    target.prepare(far_harbour.port)
    with pytest.raises(StepFailed, match="URL names a database that only this machine reaches"):
        target.stage(far_harbour.release("r1"), {"URL": "postgresql://me@localhost/notes"})
