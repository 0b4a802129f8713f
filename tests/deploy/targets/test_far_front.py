"""An edge of an engine elsewhere, without an engine: what is known of it here."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from hotelctl.config.docker_edge import DockerEdge
from hotelctl.deploy.targets import far_record
from hotelctl.deploy.targets.far_front import FarFront
from hotelctl.deploy.targets.far_record import FarRecord
from hotelctl.deploy.targets.places import Places


def test_an_environment_may_move_although_who_ended_its_edge_was_killed_just_after(tmp_path: Path) -> None:
    places = Places(tmp_path)
    places.make()
    FarRecord("ssh://host", "edge", 8080).store(places)
    engine = SimpleNamespace(find=lambda _: None, engine="ssh://host")
    mooring = SimpleNamespace(name=lambda what: f"notes-local-{what}", digest="abc123")
    front = FarFront(places, DockerEdge(), cast("Any", engine), cast("Any", mooring))
    assert front.end() == ()
    assert far_record.load(places) is None
