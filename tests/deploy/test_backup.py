from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.directory_vault import DirectoryVault
from hotelctl.core.dumped import Checksum, TableCount
from hotelctl.core.errors import Damaged, UsageError
from hotelctl.deploy.backup import Backup, BackupStore, compare, unlike
from tests.fakes.clock import FakeClock
from tests.fakes.databases import FakeDatabases
from tests.fakes.files import FakeFiles

_PLACE = Path("/state/backups/d1")
_LIVE = "postgresql://owner@db.invalid/live"
_SCRATCH = "postgresql://owner@db.invalid/scratch"


class _Scene:
    def __init__(self) -> None:
        self.files = FakeFiles()
        self.databases = FakeDatabases("live", "scratch", files=self.files)
        live = self.databases.databases["live"]
        live.ddl, live.tables = "CREATE TABLE t ();", {"t": [[1], [2]]}
        self.store = BackupStore("d1", DirectoryVault(_PLACE.parent, self.files), self.files, FakeClock())


def test_a_backup_counts_its_rows_and_exists_only_with_its_manifest() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    assert (made.rows, made.revision, made.verified_at) == (2, "r1", None)
    assert scene.store.read() == made
    scene.files.remove(_PLACE / "manifest.json")
    assert scene.store.read() is None


def test_a_repeat_finds_the_finished_backup_and_replaces_a_damaged_one() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    scene.databases.databases["live"].tables["t"].append([3])
    assert scene.store.take(scene.databases, _LIVE, "r1") == made
    scene.files.content[_PLACE / "dump/toc.json"] += b" "
    assert scene.store.take(scene.databases, _LIVE, "r1").rows == 3


@pytest.mark.parametrize("data", [b"", b'{"id', b"[]", b"{}"], ids=str)
def test_a_spoilt_manifest_is_named_and_made_again_by_a_repeat(data: bytes) -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    scene.files.write_durable(_PLACE / "manifest.json", data)
    with pytest.raises(UsageError, match=r"manifest\.json: cannot be read: it ") as refused:
        scene.store.read()
    assert "hotelctl deploy makes another one" in refused.value.hint
    assert scene.store.take(scene.databases, _LIVE, "r1") == made


def test_only_a_restore_that_equals_the_original_verifies_a_backup() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    proven = scene.store.prove(scene.databases, made, _SCRATCH)
    assert proven.verified_at is not None
    assert scene.store.read() == proven


def test_a_dump_whose_bytes_changed_is_not_even_restored() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    scene.files.content[_PLACE / "dump/toc.json"] += b" "
    with pytest.raises(Damaged, match=r"not those that were written: d1/dump/toc\.json has changed"):
        scene.store.prove(scene.databases, made, _SCRATCH)
    assert not scene.databases.databases["scratch"].tables


def test_a_proof_stands_beside_a_manifest_that_never_changes() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    manifest = scene.files.content[_PLACE / "manifest.json"]
    scene.store.prove(scene.databases, made, _SCRATCH)
    assert scene.files.content[_PLACE / "manifest.json"] == manifest
    scene.files.content[_PLACE / "manifest.json"] = manifest + b" "
    found = scene.store.read()
    assert found is not None
    assert found.verified_at is None


def test_a_proof_ends_when_the_dump_is_found_to_be_damaged() -> None:
    scene = _Scene()
    made = scene.store.prove(scene.databases, scene.store.take(scene.databases, _LIVE, "r1"), _SCRATCH)
    scene.files.content[_PLACE / "dump/toc.json"] += b" "
    with pytest.raises(Damaged):
        scene.store.prove(scene.databases, made, _SCRATCH)
    found = scene.store.read()
    assert found is not None
    assert found.verified_at is None


def test_what_changed_in_a_dump_is_told_by_file() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    assert scene.store.damage(made) == ()
    scene.files.content[_PLACE / "dump/toc.json"] += b" "
    scene.files.content[_PLACE / "dump/notes"] = b"mine"
    assert scene.store.damage(made) == ("d1/dump/notes does not belong there", "d1/dump/toc.json has changed")
    del scene.files.content[_PLACE / "dump/toc.json"]
    assert scene.store.damage(made)[1] == "d1/dump/toc.json is gone"
    assert scene.store.damage(replace(made, files={})) == ("d1/dump has changed",)


def test_a_manifest_of_an_earlier_version_is_read_and_a_missing_field_is_not_guessed() -> None:
    old = {
        "id": "d1",
        "created_at": "2026-03-01T12:00:00+00:00",
        "sha256": "0" * 64,
        "size_bytes": 1,
        "revision": None,
        "schema_sha256": "1" * 64,
        "tables": {"t": {"rows": 1, "checksum": "c"}},
        "verified_at": "2026-03-01T12:01:00+00:00",
    }
    read = Backup.from_json(old)
    assert (read.rows, read.verified_at, read.files) == (1, "2026-03-01T12:01:00+00:00", {})
    assert read.checksum is Checksum.ROW
    with pytest.raises(KeyError, match="sha256"):
        Backup.from_json({name: value for name, value in old.items() if name != "sha256"})


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"tables": {"t": TableCount(3, "x")}}, r"t: 3 rows .* became 2 rows"),
        ({"tables": {}}, "t: no table became 2 rows"),
        ({"schema_sha256": "other"}, "the schema differs"),
    ],
)
def test_a_restore_that_differs_is_named_and_stays_unverified(change: dict[str, object], words: str) -> None:
    scene = _Scene()
    made = replace(scene.store.take(scene.databases, _LIVE, "r1"), **change)  # type: ignore[arg-type]
    with pytest.raises(Damaged, match=words):
        scene.store.prove(scene.databases, made, _SCRATCH)
    found = scene.store.read()
    assert found is not None
    assert found.verified_at is None


def test_a_backup_is_compared_by_the_kind_of_checksum_that_its_manifest_tells() -> None:
    scene = _Scene()
    made = scene.store.take(scene.databases, _LIVE, "r1")
    assert made.checksum is Checksum.COLUMNS
    older = replace(made, checksum=Checksum.ROW, tables=scene.databases.counts(_LIVE, checksum=Checksum.ROW))
    assert older.tables != made.tables
    for one in (made, older):
        assert unlike(scene.databases, one, _LIVE) == ()


def test_equal_counts_have_no_difference() -> None:
    counts = {"t": TableCount(1, "a")}
    assert compare(counts, dict(counts)) == ()
