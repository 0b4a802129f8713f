import json
from datetime import timedelta
from typing import Any

from hotelctl.facts.kept_backups import KeptBackups
from tests.probes.worlds import SERVING, STATE, World


def _world(**changes: Any) -> World:  # noqa: ANN401 - tables of the service file
    world = World(**changes)
    world.serving = SERVING
    return world


def _backup(world: World, name: str, *, proven: bool, at: str = "2026-03-01T11:00:00+00:00") -> None:
    place = STATE / "backups" / name
    world.files.write_durable(place / "dump" / "toc.dat", name.encode())
    manifest = {
        "created_at": at,
        "sha256": world.files.sha256(place / "dump"),
        "verified_at": at if proven else None,
    }
    world.files.write_durable(place / "manifest.json", json.dumps(manifest).encode())


def test_the_newest_proven_one_is_held_against_its_dump() -> None:
    world = _world(retention={"backup_age_h": 12})
    for name, proven in (("d1", True), ("d2", True), ("d3", False)):
        _backup(world, name, proven=proven)
    found: KeptBackups = world.fact(KeptBackups)
    assert found.newest is not None
    assert (found.newest.name, found.sha256, found.unproven) == ("d2", found.newest.sha256, ("d3",))
    assert (found.place, found.limit, found.profile) == (".hotelctl/local/backups", timedelta(hours=12), "ci")
    assert found.now == world.clock.now()
    world.files.remove(STATE / "backups" / "d2" / "dump")
    assert world.fact(KeptBackups).sha256 is None


def test_none_that_is_finished_is_a_fact_too() -> None:
    world = _world()
    world.files.write_durable(STATE / "backups" / "d1" / "dump" / "toc.dat", b"half")
    found = world.fact(KeptBackups)
    assert (found.newest, found.sha256, found.unproven) == (None, None, ())


def test_without_database_or_deploy_the_question_does_not_arise() -> None:
    assert _world(database=None).why_not(KeptBackups).startswith("NotApplicable: the service file names no")
    assert World().why_not(KeptBackups) == "NotApplicable: nothing is deployed here yet"
    world = _world()
    world.database_url = None
    assert "no database is configured" in world.why_not(KeptBackups)


def test_a_spoilt_manifest_or_unclear_traffic_is_unavailable() -> None:
    world = _world()
    world.files.write_durable(STATE / "backups" / "d1" / "manifest.json", b"{")
    assert world.why_not(KeptBackups).startswith(
        "Unavailable: .hotelctl/local/backups/d1/manifest.json: cannot be read as the manifest"
    )
    world.diverged = "the pointer names nothing known"
    assert world.why_not(KeptBackups) == "Unavailable: the pointer names nothing known"
