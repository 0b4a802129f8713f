import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.config.service import Retention
from hotelctl.core.errors import Diverged, Locked, StepFailed, Unavailable, UsageError
from hotelctl.core.ports import Files
from hotelctl.deploy.backup import Backup
from hotelctl.deploy.elsewhere import Elsewhere
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.release import Release
from hotelctl.deploy.retention import (
    Kept,
    Pruned,
    prune_backups,
    prune_releases,
    releases,
    remove_backups,
    spoilt_releases,
)
from hotelctl.deploy.steps.backup import BackupStep
from hotelctl.deploy.target import Drained
from tests.deploy.town import Town
from tests.deploy.town_command import Command
from tests.deploy.town_ports import TownLock, TownTarget

COMMIT = "a" * 40


@pytest.fixture
def town() -> Town:
    return Town()


def limited(town: Town, releases: int = 2, backups: int = 2) -> Operation:
    operation = Command(town).operation("now", COMMIT)
    configuration = operation.configuration
    kept = Retention(releases=releases, backups=backups)
    spec = configuration.spec.model_copy(update={"retention": kept})
    return replace(operation, configuration=replace(configuration, spec=spec))


def made(
    town: Town, operation: Operation, name: str, *, good: bool = True, commit: str | None = None
) -> Release:
    release = Release(name, "1.0", commit or name * 20, "artifact/x.whl", "0", None, {})
    layout, files = operation.layout, town.files
    files.write_durable(layout.manifest(name), json.dumps(release.to_json()).encode())
    if good:
        files.write_durable(layout.good(name), b"{}")
    town.ground.built.add(name)
    operation.target.stage(release, {})
    return release


def backed_up(
    town: Town, operation: Operation, name: str, verified_at: str | None, *, of_deploy: bool = True
) -> Path:
    place = operation.layout.backup(name)
    town.files.write_durable(place / "dump" / "toc.dat", b"x")
    told = Backup(name, "2026-03-01T12:00:00+00:00", "0" * 64, 1, None, "0" * 64, {}, verified_at)
    told = replace(told, of_deploy=of_deploy)
    town.files.write_durable(place / "manifest.json", json.dumps(told.to_json()).encode())
    return place


def kept_names(operation: Operation) -> list[str]:
    return [release.id for release in releases(operation)]


def test_releases_are_those_with_a_manifest_oldest_first(town: Town) -> None:
    operation = limited(town)
    for name in ("r3", "r1", "r2"):
        made(town, operation, name)
    town.files.write_durable(operation.layout.release("r0") / "artifact" / "x.whl", b"no manifest")
    assert kept_names(operation) == ["r1", "r2", "r3"]


def test_the_last_good_ones_stay_the_bad_ones_go_and_only_two_run(town: Town) -> None:
    operation = limited(town, releases=3)
    for name in ("r1", "r2", "r3", "r4", "r6"):
        made(town, operation, name)
    made(town, operation, "r5", good=False)
    pruned = prune_releases(operation, Kept("r6", "r4"))
    assert kept_names(operation) == ["r3", "r4", "r6"]
    assert [tag.rpartition("-")[2][:2] for tag in pruned.gone] == ["r1", "r2", "r5"]
    assert pruned.left == ()
    assert town.alive() == {"r4", "r6"}


def test_a_commit_that_was_deployed_often_takes_one_place(town: Town) -> None:
    operation = limited(town, releases=2)
    for name, commit in (("r1", "a"), ("r2", "b"), ("r3", "b"), ("r4", "b"), ("r5", "b")):
        made(town, operation, name, commit=commit)
    prune_releases(operation, Kept("r5", "r4"))
    assert kept_names(operation) == ["r1", "r4", "r5"]


def test_those_that_a_rollback_left_go_first(town: Town) -> None:
    operation = limited(town, releases=2)
    for name in ("r1", "r2", "r3", "r4", "r5"):
        made(town, operation, name)
    for name in ("r2", "r3"):
        town.files.write_durable(operation.layout.left(name), b"{}")
    prune_releases(operation, Kept("r5", None))
    assert kept_names(operation) == ["r4", "r5"]


def test_a_left_one_stays_while_there_is_room(town: Town) -> None:
    operation = limited(town, releases=3)
    for name in ("r1", "r2", "r3", "r4"):
        made(town, operation, name)
    for name in ("r2", "r3"):
        town.files.write_durable(operation.layout.left(name), b"{}")
    prune_releases(operation, Kept("r4", None))
    assert kept_names(operation) == ["r1", "r3", "r4"]


def test_what_serves_and_the_way_back_stay_however_old_or_unjudged(town: Town) -> None:
    operation = limited(town, releases=1)
    for name in ("r1", "r2", "r3"):
        made(town, operation, name, good=name == "r3")
    prune_releases(operation, Kept("r1", "r2"))
    assert kept_names(operation) == ["r1", "r2", "r3"]
    assert town.alive() == {"r1", "r2"}


def test_the_way_back_behind_a_commit_that_was_deployed_again_and_again_stays(town: Town) -> None:
    operation = limited(town, releases=1)
    made(town, operation, "r1", commit="a" * 40)
    made(town, operation, "r2", commit="b" * 40)
    for name in ("r3", "r4", "r5"):
        made(town, operation, name, commit="c" * 40)
    prune_releases(operation, Kept("r5", "r4"))
    assert kept_names(operation) == ["r2", "r4", "r5"]


def test_the_first_release_has_no_predecessor(town: Town) -> None:
    operation = limited(town)
    made(town, operation, "r1")
    assert prune_releases(operation, Kept("r1", None)).gone == ()


@pytest.mark.parametrize("verb", ["retire", "discard"])
def test_what_cannot_be_tidied_away_is_said_and_hinders_nothing_else(town: Town, verb: str) -> None:
    operation = limited(town, releases=1)
    for name in ("r1", "r2", "r3"):
        made(town, operation, name)

    class Stubborn(TownTarget):
        def retire(self, release: Release) -> Drained:
            self._stuck("retire", release)
            return super().retire(release)

        def discard(self, release: Release) -> None:
            self._stuck("discard", release)
            super().discard(release)

        def _stuck(self, now: str, release: Release) -> None:
            if now == verb and release.id == "r1":
                raise StepFailed("it does not end")

    pruned = prune_releases(replace(operation, target=Stubborn(town)), Kept("r3", None))
    assert pruned.left == ("release r1 is not tidied away: it does not end",)
    assert [tag.rpartition("-")[2][:2] for tag in pruned.gone] == ["r2"]


def test_a_world_that_somebody_changed_is_not_passed_over(town: Town) -> None:
    operation = limited(town, releases=1)
    made(town, operation, "r1")

    class Changed(TownTarget):
        def retire(self, release: Release) -> Drained:
            raise Diverged(f"{release.id} is somebody else's")

    with pytest.raises(Diverged):
        prune_releases(replace(operation, target=Changed(town)), Kept("r2", None))


@pytest.mark.parametrize(
    ("verified", "gone"),
    [
        ((None, None, None, None), ["b1", "b2"]),
        (("t", None, None, None), ["b2"]),
        (("t", "t", None, None), ["b1"]),
        (("t", "t", "t", None), ["b1", "b2"]),
        (("t", "t"), []),
        ((), []),
    ],
)
def test_of_backups_the_newest_stay_and_always_the_newest_verified_one(
    town: Town, verified: Sequence[str | None], gone: list[str]
) -> None:
    operation = limited(town)
    places = [backed_up(town, operation, f"b{n}", at) for n, at in enumerate(verified, start=1)]
    assert list(prune_backups(operation).gone) == gone
    assert [path.name for path in places if not town.files.exists(path)] == gone


def test_what_another_machine_may_need_stays(town: Town) -> None:
    operation = limited(town, backups=1)
    for name in ("b1", "b2", "b3"):
        backed_up(town, operation, name, "2026-03-01T12:00:01+00:00")
    shared = replace(operation.world, elsewhere=lambda: Elsewhere(frozenset({"b1"})))
    assert prune_backups(replace(operation, world=shared)).gone == ("b2",)


def test_what_nobody_can_tell_to_be_unneeded_stays_and_is_told(town: Town) -> None:
    operation = limited(town, backups=1)
    for name in ("b1", "b2", "b3", "b4"):
        backed_up(town, operation, name, "2026-03-01T12:00:01+00:00")
    backed_up(town, operation, "b0", None, of_deploy=False)
    Command(town).deploy("b3", COMMIT)
    shared = replace(operation.world, elsewhere=lambda: Elsewhere(known=frozenset({"b2"})))
    pruned = prune_backups(replace(operation, world=shared))
    assert pruned.gone == ("b0", "b2")
    assert [line.partition(":")[0] for line in pruned.left] == ["backup b1 is not tidied away"]
    assert "knows the deploy that took it" in pruned.left[0]


def test_nothing_is_removed_while_nobody_knows_what_others_need(town: Town) -> None:
    operation = limited(town, backups=1)
    for name in ("b1", "b2"):
        backed_up(town, operation, name, "2026-03-01T12:00:01+00:00")

    def away() -> Elsewhere:
        raise Unavailable("no database server answers")

    told = prune_backups(replace(operation, world=replace(operation.world, elsewhere=away)))
    assert told == Pruned((), ("backups are not tidied away: no database server answers",))


def test_a_backup_that_is_half_removed_does_not_exist(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = limited(town, backups=1)
    places = [backed_up(town, operation, name, None) for name in ("b1", "b2")]
    removed: list[Path] = []
    monkeypatch.setattr(town.files, "remove", removed.append)
    prune_backups(operation)
    assert removed == [places[0] / "manifest.json", places[0]]


def test_who_lost_the_lock_removes_no_more_backups(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = limited(town, backups=1)
    for name in ("b1", "b2", "b3"):
        backed_up(town, operation, name, "2026-03-01T12:00:01+00:00")
    asked = list[str]()

    def lost_at_the_second(_lock: TownLock) -> None:
        asked.append("")
        if len(asked) > 1:
            raise Locked("the environment is locked")

    monkeypatch.setattr(TownLock, "require", lost_at_the_second)
    with pytest.raises(Locked):
        prune_backups(operation)
    places = {name: operation.layout.backup(name) / "manifest.json" for name in ("b1", "b2", "b3")}
    assert [name for name, place in places.items() if town.files.exists(place)] == ["b2", "b3"]


def test_a_backup_that_cannot_be_removed_is_said(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    operation = limited(town, backups=1)
    for name in ("b1", "b2", "b3"):
        backed_up(town, operation, name, None)
    remove = town.files.remove

    def stuck(path: Path) -> None:
        if "b1" in path.parts:
            raise StepFailed("read-only file system")
        remove(path)

    monkeypatch.setattr(town.files, "remove", stuck)
    pruned = prune_backups(operation)
    assert pruned.gone == ("b2",)
    assert pruned.left == ("backup b1 is not tidied away: read-only file system",)


def test_a_deploy_ends_well_although_an_old_release_stays(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("d1", "d2", "d3", "d4"):
        assert Command(town).deploy(name, name[1] * 40) is Outcome.SUCCEEDED

    def stuck(_target: TownTarget, _release: Release) -> None:
        raise StepFailed("it does not end")

    monkeypatch.setattr(TownTarget, "discard", stuck)
    assert Command(town).deploy("d5", "5" * 40) is Outcome.SUCCEEDED
    notes = Command(town).operation("d5").result("finish")["notes"]
    assert notes == ["release d2 is not tidied away: it does not end"]


SPOILT = "20260301T120000000Z-aaaaaaaaaaaa"


@pytest.mark.parametrize("data", [b"", b'{"id', b"[]", b"{}"], ids=str)
def test_a_spoilt_manifest_is_named_and_its_release_neither_counts_nor_hinders(
    town: Town, data: bytes
) -> None:
    operation = limited(town, releases=1)
    for name in ("r1", "r2"):
        made(town, operation, name)
    town.files.write_durable(operation.layout.manifest(SPOILT), data)
    town.files.write_durable(operation.layout.manifest("old"), data)
    assert kept_names(operation) == ["r1", "r2"]
    (why,) = spoilt_releases(operation).values()
    assert f"releases/{SPOILT}/manifest.json: cannot be read: it " in why
    pruned = prune_releases(operation, Kept("r2", None))
    assert [tag.rpartition("-")[2][:2] for tag in pruned.gone] == ["r1"]
    assert pruned.left == (f"release {SPOILT} is not tidied away: {why}",)


def test_a_copy_of_a_release_is_none(town: Town) -> None:
    operation = limited(town)
    made(town, operation, "r1")
    copied = town.files.content[operation.layout.manifest("r1")]
    town.files.write_durable(operation.layout.manifest("old"), copied)
    assert kept_names(operation) == ["r1"]


def test_a_backup_that_cannot_be_read_is_named_and_stays(town: Town) -> None:
    operation = limited(town, backups=1)
    for name in ("b1", "b2", "b3"):
        backed_up(town, operation, name, "t")
    spoilt = operation.layout.backup("b1") / "manifest.json"
    town.files.write_durable(spoilt, b'{"id')
    copied = operation.layout.backup("old") / "manifest.json"
    town.files.write_durable(copied, town.files.content[operation.layout.backup("b3") / "manifest.json"])
    pruned = prune_backups(operation)
    assert pruned.gone == ("b2",)
    assert pruned.left == (f"backup b1 is not tidied away: {spoilt}: cannot be read: it is no JSON",)
    assert {spoilt, copied} <= set(town.files.content)


class _Refuses(DirectoryVault):
    """A store that nobody can reach any more."""

    def __init__(self, place: Path, files: Files, why: Exception) -> None:
        super().__init__(place, files)
        self.why = why

    def names(self) -> Sequence[str]:
        raise self.why

    def remove(self, name: str) -> None:
        raise type(self.why)(f"{self.why} to {name}")


@pytest.mark.parametrize("kind", [StepFailed, UsageError, Unavailable])
def test_a_store_that_cannot_be_asked_holds_no_environment(town: Town, kind: type[Exception]) -> None:
    operation = limited(town)
    vault = _Refuses(operation.layout.backups(), town.files, kind("s3://b/p: no way there"))
    held = replace(operation, world=replace(operation.world, vault=vault))
    assert prune_backups(held) == Pruned((), ("backups are not tidied away: s3://b/p: no way there",))
    assert remove_backups(vault, ["b1"], held.world.lock) == (
        (),
        ("backup b1 is not tidied away: s3://b/p: no way there to b1",),
    )
    assert BackupStep(held).undo() == (
        "backup not removed: s3://b/p: no way there to now; hotelctl backup prune tells what is left"
    )
