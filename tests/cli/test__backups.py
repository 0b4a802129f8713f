"""`backup create|list|verify|prune` on both servers of the wheel, and what damaged backups are told as."""

import gzip
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from hotelctl.adapters.host_lock import HostLock
from hotelctl.core.errors import Locked
from hotelctl.core.tree_digest import tree_digest
from hotelctl.deploy.journal import Kind
from tests.cli.looked import wrote
from tests.cli.notes import Notes, beside, service
from tests.fakes.clock import FakeClock

pytestmark = pytest.mark.database
__all__ = ["beside", "service"]


def _manifest(service: Notes, name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((service.layout.backup(name) / "manifest.json").read_text())
    return found


def test_a_backup_is_whole_though_nobody_can_tell_where_its_migrations_are(service: Notes) -> None:
    """The name of Alembic's table is put together when its env.py runs, which a backup does not do."""
    here = service.root / "hotelctl.toml"
    here.write_text(here.read_text().replace('kind = "sql"', 'kind = "alembic"\ncommand = ["true"]'))
    (service.root / "migrations" / "env.py").write_text(
        "context.configure(c, version_table=settings.table)\n"
    )
    code, out, err = service.run("backup", "create")
    assert code == 0, err
    assert "unknown: " in out
    (made,) = service.facts("backup", "list")
    assert (made["state"], made["revision"]) == ("verified", None)
    assert "version_table is no text that stands there: no table is asked" in made["revision_unknown"]


def test_a_backup_is_made_verified_listed_and_pruned(service: Notes) -> None:
    assert service.facts("backup", "list") == []
    assert service.run("backup", "verify")[::2] == (
        2,
        "hotelctl: there is no backup hint: hotelctl backup create makes one",
    )
    code, out, err = service.run("backup", "create")
    assert code == 0, err
    assert "2,300 rows of 2 tables" in " ".join(out.split())
    assert "[1/2] dump 2,300 rows of 2 tables, " in err
    assert "[2/2] verify restored, 2,300 rows and the schema are equal" in err
    (made,) = service.facts("backup", "list")
    assert (made["state"], made["rows"], made["tables"]) == ("verified", 2300, 2)
    manifest = _manifest(service, made["id"])
    assert manifest["tables"]["public.guests"]["rows"] == 2000
    assert manifest["wal"].count("/") == 1
    assert int(manifest["system"]) > 0
    assert "toc.dat" in manifest["files"]

    before = (service.layout.backup(made["id"]) / "manifest.json").read_bytes()
    again = service.facts("backup", "verify", "--quiet")
    assert again["verified_at"] > made["verified_at"]
    assert (service.layout.backup(made["id"]) / "manifest.json").read_bytes() == before

    second, third = service.create(), service.create()
    code, out, err = service.run("backup", "prune", "--keep", "1")
    assert (code, made["id"] in out, second in out, third in out) == (0, True, True, False)
    assert err == "hotelctl: nothing was removed: --yes removes 2"
    assert len(service.facts("backup", "list")) == 3
    assert [one["id"] for one in service.facts("backup", "prune", "--keep", "1", "--yes")] == [
        made["id"],
        second,
    ]
    assert [one["id"] for one in service.facts("backup", "list")] == [third]
    assert service.facts("backup", "prune", "--older-than", "0", "--yes") == []
    assert service.run("backup", "prune", "--older-than", "0")[1] == "no backup is too many or too old\n"


def test_who_lost_the_lock_prunes_nothing(service: Notes) -> None:
    made = sorted(service.create() for _ in range(2))

    def lost(_lock: HostLock) -> None:
        raise Locked("the environment is locked")

    service.monkeypatch.setattr(HostLock, "require", lost)
    code, _, err = service.run("backup", "prune", "--keep", "1", "--yes")
    assert (code, "the environment is locked" in err) == (73, True), err
    assert sorted(path.name for path in service.layout.backup(made[0]).parent.iterdir()) == made


def test_the_settings_say_how_a_dump_is_compressed_and_the_manifest_tells_it(service: Notes) -> None:
    file = service.root / "hotelctl.toml"
    text = file.read_text()
    file.write_text(f'{text}\n[backups]\ncompression = "gzip"\nlevel = 1\n')
    code, out, err = service.run("backup", "create", "--quiet")
    assert (code, "(gzip:1)" in out) == (0, True), out + err
    file.write_text(f'{text}\n[backups]\ncompression = "gzip"\nlevel = 9\n')
    hard = service.facts("backup", "create", "--quiet")
    easy = service.facts("backup", "list")[1]
    assert [one["compression_level"] for one in (easy, hard)] == [1, 9]
    assert hard["size_bytes"] != easy["size_bytes"]
    assert _manifest(service, hard["id"])["level"] == 9
    assert service.facts("backup", "verify", easy["id"], "--quiet")["verified_at"]


@pytest.mark.parametrize("days", ["1e12", "inf"])
def test_a_day_that_no_calendar_has_is_refused(service: Notes, days: str) -> None:
    code, _, err = service.run("backup", "prune", "--older-than", days)
    assert (code, "there is no such day" in err) == (2, True), err


def test_a_database_whose_public_schema_was_given_to_a_role_is_backed_up(service: Notes) -> None:
    role = "owner_of_public"
    service.sql(
        f"CREATE ROLE {role}; ALTER SCHEMA public OWNER TO {role}; GRANT ALL ON SCHEMA public TO PUBLIC"
    )
    try:
        assert service.facts("backup", "create", "--quiet")["verified_at"]
        name = service.facts("backup", "list")[0]["id"]
        service.facts("backup", "restore", name, "--swap", "--quiet")
        owner = "SELECT nspowner::regrole::text FROM pg_namespace WHERE nspname = 'public'"
        assert service.sql(owner) == [(role,)]
    finally:
        for place in (one for one in service.databases() if one.startswith("test_")):
            service.sql(f'ALTER DATABASE "{place}" RESET default_transaction_read_only', "postgres")
            service.sql(f"REASSIGN OWNED BY {role} TO postgres; DROP OWNED BY {role}", place)
        service.sql(f"DROP ROLE {role}")


def test_what_a_release_or_an_open_journal_names_is_not_pruned(service: Notes) -> None:
    first, second, _ = service.create(), service.create(), service.create()
    wrote(service.layout, FakeClock(), first, ("backup", Kind.INTENT, {}))
    service.layout.release(second).mkdir(parents=True)
    service.layout.manifest(second).write_text("{}")
    assert service.facts("backup", "prune", "--keep", "1") == []


def _flip(dump: Path) -> None:
    data = next(dump.glob("*.dat.gz"))
    raw = bytearray(data.read_bytes())
    raw[len(raw) // 2] ^= 1
    data.write_bytes(raw)


def _truncate(dump: Path) -> None:
    data = max(dump.glob("*.dat.gz"), key=lambda path: path.stat().st_size)
    data.write_bytes(data.read_bytes()[:-9])


def _empty(dump: Path) -> None:
    max(dump.glob("*.dat.gz"), key=lambda path: path.stat().st_size).write_bytes(gzip.compress(b"\\.\n\n\n"))


def _no_contents(dump: Path) -> None:
    (dump / "toc.dat").unlink()


def _foreign(dump: Path) -> None:
    (dump / "notes.txt").write_text("mine")


def _gone(dump: Path) -> None:
    shutil.rmtree(dump)


_DAMAGES: Sequence[tuple[Callable[[Path], None], str]] = (
    (_flip, ".dat.gz has changed"),
    (_truncate, ".dat.gz has changed"),
    (_empty, ".dat.gz has changed"),
    (_no_contents, "dump/toc.dat is gone"),
    (_foreign, "dump/notes.txt does not belong there"),
    (_gone, "dump/toc.dat is gone"),
)


def test_a_damaged_backup_is_told_by_its_file_and_is_verified_no_more(service: Notes, tmp_path: Path) -> None:
    name = service.create()
    place = service.layout.backup(name)
    shutil.copytree(place, tmp_path / "whole")
    for spoil, words in _DAMAGES:
        shutil.rmtree(place)
        shutil.copytree(tmp_path / "whole", place)
        spoil(place / "dump")
        code, out, err = service.run("backup", "verify", name, "--quiet")
        assert (code, out) == (1, "")
        assert f"backup {name}: its bytes are not those that were written: " in err
        assert words in err
        assert "hint: it is lost: hotelctl backup list names the others" in err
        assert service.facts("backup", "list")[0]["state"] != "verified"


def _seal(service: Notes, name: str) -> None:
    """As whoever changes the dump and the digests would, but cannot know what stood in the database."""
    place = service.layout.backup(name)
    manifest = _manifest(service, name)
    digests = {
        path.name: subprocess.run(["sha256sum", path], check=True, capture_output=True, text=True).stdout[:64]
        for path in sorted((place / "dump").iterdir())
    }
    manifest["files"] = digests
    manifest["sha256"] = tree_digest((path, f"file {digest}") for path, digest in digests.items())
    (place / "manifest.json").write_text(json.dumps(manifest))


def test_the_dump_of_another_database_does_not_pass_for_this_one(service: Notes) -> None:
    first = service.create()
    service.sql("DELETE FROM guests WHERE id > 1990; ALTER TABLE rooms ADD COLUMN view text")
    second = service.create()
    shutil.rmtree(service.layout.backup(first) / "dump")
    shutil.copytree(service.layout.backup(second) / "dump", service.layout.backup(first) / "dump")
    _seal(service, first)
    code, _, err = service.run("backup", "verify", first, "--quiet")
    assert code == 1
    assert f"backup {first} does not restore to what it was: public.guests: 2000 rows #" in err
    assert "became 1990 rows #" in err
    assert "the schema differs" in err


def test_what_is_no_backup_is_told_as_what_it_is(service: Notes) -> None:
    name = service.create()
    (service.layout.backup(name) / "manifest.json").write_text('{"id": 7}')
    half = service.layout.backup("20260301T120000000Z-aaaaaaaaaaaa")
    (half / "dump.part").mkdir(parents=True)
    service.layout.backup("theirs").mkdir()
    told = {one["id"]: one for one in service.facts("backup", "list")}
    assert {one["state"] for one in told.values()} == {"spoilt", "unfinished", "foreign"}
    for one, words in (
        (name, "cannot be read: it "),
        (half.name, "never written"),
        ("theirs", "not write it"),
    ):
        assert words in told[one]["why"]
        code, _, err = service.run("backup", "verify", one)
        assert (code, words in err) == (1, True), err
    assert not (half / "dump.part").exists()
    gone = service.facts("backup", "prune", "--yes")
    assert [one["id"] for one in gone] == [half.name]
    assert service.layout.backup("theirs").is_dir()
    assert service.run("backup", "verify", "nosuch")[0] == 2


@pytest.fixture
def small_disk(service: Notes) -> Iterator[Path]:
    place = service.layout.state / "backups"
    place.mkdir(parents=True)
    words = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_disk_that_is_full_at_half_leaves_nothing(service: Notes, small_disk: Path) -> None:
    service.sql("INSERT INTO guests SELECT n, md5(n::text) FROM generate_series(3000, 9000) n")
    code, _, err = service.run("backup", "create", "--quiet")
    assert (code, "no space is left on the disk" in err, "hint: make room" in err) == (10, True, True), err
    assert list(small_disk.iterdir()) == []


def test_an_environment_without_a_database_or_server_is_told_so(service: Notes) -> None:
    service.monkeypatch.setenv("NOTES_DATABASE_URL", "postgresql://ana@127.0.0.1:1/notes")
    code, _, err = service.run("backup", "create", "--quiet")
    assert (code, "no database server answers at 127.0.0.1:1" in err) == (3, True), err
    service.monkeypatch.delenv("NOTES_DATABASE_URL")
    code, _, err = service.run("backup", "create", "--quiet")
    assert (code, err) == (
        2,
        "hotelctl: environment local has no database yet hint: hotelctl deploy makes it",
    )
