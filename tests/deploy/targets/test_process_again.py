"""How the process target brings back what served before its machine or its edge was stopped."""

import socket
import time

import pytest

from hotelctl.config.pinned import pin
from tests.deploy.targets.place import Place, direct_port, specification

pytestmark = pytest.mark.system


def test_a_stop_and_a_prepare_bring_back_what_served(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.serve(target, "r0", 2)
    target.route(release, 3)
    place.stop()
    assert place.target().serving() == release
    again = place.target()
    again.prepare(place.port)
    assert place.version() == release.commit
    assert place.told == ["r1 serves again"]
    assert not again.health(place.release("r0")).alive


def test_a_release_whose_port_was_taken_while_it_was_stopped_comes_back_on_another(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.stop()
    taken = direct_port(target.health(release).url)
    with socket.create_server(("127.0.0.1", taken)):
        target.prepare(place.port)
        assert place.version() == release.commit
    assert target.serving() == release


def test_a_release_starts_by_the_command_that_it_was_built_with(place: Place) -> None:
    release = place.release("r1")
    place.places.pinned("r1").write_bytes(pin(specification((), 5, 10)))
    today = place.target(manners=["--crash"])
    today.prepare(place.port)
    place.ready(today, release)
    today.route(release, 1)
    assert place.version() == release.commit


def test_how_it_was_started_being_damaged_it_comes_back_all_the_same(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    place.stop()
    place.places.pinned("r1").write_text("{")
    target.prepare(place.port)
    assert place.told == ["r1 serves again"]
    new = place.serve(target, "r2", 2)
    assert place.version() == new.commit


def test_with_its_port_taken_it_cannot_be_started_without_knowing_how(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.stop()
    place.places.pinned("r1").write_text("{")
    taken = direct_port(target.health(release).url)
    with socket.create_server(("127.0.0.1", taken)):
        target.prepare(place.port)
    assert "service.json is damaged; its port" in place.told[0]


def test_what_cannot_come_back_is_told_and_does_not_stop_a_deploy(place: Place) -> None:
    target = place.target()
    release = place.serve(target, "r1", 1)
    place.stop()
    (place.state / "releases" / "r1" / "venv" / "python").unlink()
    patient = place.target(ready_timeout_s=300)
    began = time.monotonic()
    patient.prepare(place.port)
    assert time.monotonic() - began < 100, "who ended is not waited for"
    assert place.told[0].startswith("r1 was started again and is not ready")
    assert patient.serving() == release
    new = place.serve(patient, "r2", 2)
    assert place.version() == new.commit
