import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.core.errors import Unavailable, UsageError
from hotelctl.facts.backup_proof import proof
from hotelctl.facts.kept_backups import KeptBackups
from hotelctl.probes.kept_backups import kept_backups
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


def test_a_spoilt_manifest_never_hides_a_proven_backup() -> None:
    world = _world()
    for name in ("d1", "d2", "d3"):
        _backup(world, name, proven=True)
    world.files.write_durable(STATE / "backups" / "d1" / "manifest.json", b"{")
    found = world.fact(KeptBackups)
    assert (found.newest.name, found.spoilt) == ("d3", ())
    world.files.write_durable(STATE / "backups" / "d3" / "manifest.json", b"{}")
    found = world.fact(KeptBackups)
    assert (found.newest.name, found.unproven) == ("d2", ())
    assert [one.path for one in found.spoilt] == [".hotelctl/local/backups/d3/manifest.json"]
    assert found.spoilt[0].why == "it has no 'created_at'"


def test_only_the_deploy_that_restored_it_does_not_hash_the_dump_again() -> None:
    world = _world()
    _backup(world, "d1", proven=True)
    sealed = world.fact(KeptBackups).sha256
    world.files.write_durable(STATE / "backups" / "d1" / "dump" / "toc.dat", b"changed")
    changed = world.fact(KeptBackups).sha256
    assert changed != sealed
    own, later = (STATE / "deploys" / name / "journal.jsonl" for name in ("d1", "d2"))
    for deploying, journals, told in (
        (True, (own,), sealed),
        (True, (own, later), changed),
        (False, (own,), changed),
        (True, (), changed),
    ):
        world.deploying, world.journals = deploying, journals
        assert world.fact(KeptBackups).sha256 == told
    world.deploying, world.journals = True, (own,)
    world.files.remove(STATE / "backups" / "d1" / "dump")
    assert world.fact(KeptBackups).sha256 is None


def test_what_was_put_there_anew_since_the_proof_is_seen_by_its_mark() -> None:
    world = _world()
    _backup(world, "d1", proven=False)
    place = STATE / "backups" / "d1"
    manifest = json.dumps(json.loads(world.files.content[place / "manifest.json"]) | {"sha256": "f" * 64})
    world.files.write_durable(place / "manifest.json", manifest.encode())
    mark = world.files.sha256(place / "dump")
    for proven, told in ((mark, "f" * 64), ("0" * 64, mark)):
        said = proof(manifest.encode(), "2026-03-01T12:00:00+00:00", mark=proven)
        world.files.write_durable(place / "verified.json", said)
        assert world.fact(KeptBackups).sha256 == told


class _WithoutLibrary(DirectoryVault):
    def names(self) -> Sequence[str]:
        raise UsageError("the library is missing", "install it")


def test_where_the_library_of_the_store_is_missing_nothing_is_known() -> None:
    world = _world()
    context = replace(world.context(), vault=_WithoutLibrary(STATE / "backups", world.files))
    with pytest.raises(Unavailable, match="the library is missing: install it"):
        kept_backups(context)


def test_a_spoilt_manifest_or_unclear_traffic_is_unavailable() -> None:
    world = _world()
    world.files.write_durable(STATE / "backups" / "d1" / "manifest.json", b"{")
    assert world.why_not(KeptBackups).startswith(
        "Unavailable: .hotelctl/local/backups/d1/manifest.json: cannot be read: Expecting"
    )
    world.diverged = "the pointer names nothing known"
    assert world.why_not(KeptBackups) == "Unavailable: the pointer names nothing known"
