"""A backup that is spoilt between the step that takes it and the one that restores it, in either store."""

import gzip
import os
import signal
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest

from hotelctl.deploy.journal import Kind
from tests.s3_server import client, s3_server
from tests.services.checkout import commit_all
from tests.system.site import Site

pytestmark = pytest.mark.system
_BUCKET = "kept"


@dataclass
class Shelf:
    """The backups of a site as they are kept: bytes by `ID/dump/FILE` or `ID/RECORD`."""

    site: Site
    server: str | None

    def configure(self) -> None:
        """The site keeps its backups there."""
        if self.server is None:
            return
        file = self.site.root / "hotelctl.toml"
        said = f'store = "s3://{_BUCKET}/ours"\nendpoint = "{self.server}"\n'
        file.write_text(f"{file.read_text()}\n[environments.local.backups]\n{said}")
        commit_all(self.site.root, "Backups are kept in S3")

    @property
    def _prefix(self) -> str:
        return "ours/plain-notes/local/"

    def files(self, backup: str) -> dict[str, bytes]:
        """All of that backup."""
        if self.server is None:
            place = self.site.state / "backups"
            found = (path for path in (place / backup).rglob("*") if path.is_file())
            return {str(path.relative_to(place)): path.read_bytes() for path in found}
        asked = client(self.server)
        listed = asked.list_objects_v2(Bucket=_BUCKET, Prefix=f"{self._prefix}{backup}/").get("Contents", ())
        keys = [one["Key"] for one in listed]
        got = {key: asked.get_object(Bucket=_BUCKET, Key=key)["Body"].read() for key in keys}
        return {key.removeprefix(self._prefix): data for key, data in got.items()}

    def put(self, name: str, data: bytes | None) -> None:
        """Other bytes, or none any more."""
        if self.server is None:
            path = self.site.state / "backups" / name
            path.unlink() if data is None else path.write_bytes(data)
            return
        asked: Any = client(self.server)
        key = {"Bucket": _BUCKET, "Key": self._prefix + name}
        asked.delete_object(**key) if data is None else asked.put_object(**key, Body=data)


@pytest.fixture(params=["directory", "s3"])
def shelf(request: pytest.FixtureRequest, bare: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shelf]:
    if request.param == "directory":
        yield Shelf(bare, None)
        return
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "id")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with s3_server(_BUCKET) as url:
        made = Shelf(bare, url)
        made.configure()
        yield made


Spoil = Callable[[Mapping[str, bytes], Mapping[str, bytes]], Mapping[str, bytes | None]]


def _data(files: Mapping[str, bytes]) -> str:
    """The file with the rows of the largest table."""
    return max((name for name in files if ".dat." in name), key=lambda name: len(files[name]))


def _flip(now: Mapping[str, bytes], _before: Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    raw = bytearray(now[_data(now)])
    raw[len(raw) // 2] ^= 1
    return {_data(now): bytes(raw)}


def _truncate(now: Mapping[str, bytes], _before: Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    return {_data(now): now[_data(now)][:-5]}


def _empty(now: Mapping[str, bytes], _before: Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    return {_data(now): gzip.compress(b"\\.\n\n\n")}


def _gone(now: Mapping[str, bytes], _before: Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    return {next(name for name in now if name.endswith("toc.dat")): None}


def _another(now: Mapping[str, bytes], before: Mapping[str, bytes]) -> Mapping[str, bytes | None]:
    """The whole dump of another database, with the manifest that belongs to it."""
    mine, theirs = (next(iter(files)).partition("/")[0] for files in (now, before))
    taken = {
        name.replace(theirs, mine): data.replace(theirs.encode(), mine.encode())
        if name.endswith("manifest.json")
        else data
        for name, data in before.items()
    }
    return {**dict.fromkeys(now), **taken}


_DAMAGES: Sequence[tuple[Spoil, str]] = (
    (_flip, "its bytes are not those that were written"),
    (_truncate, "its bytes are not those that were written"),
    (_empty, "its bytes are not those that were written"),
    (_gone, "dump/toc.dat is gone"),
    (_another, "the backup of step 5 is gone or another one"),
)


def test_step_six_finds_it_and_the_database_is_never_migrated(shelf: Shelf) -> None:
    site = shelf.site
    site.deploy().expect(0)
    site.migrate()
    site.deploy().expect(0)
    taken = next(one.seq for one in site.records() if (one.step, one.kind) == ("backup", Kind.DONE))
    before = shelf.files(site.operations()[-1])
    site.migrate()
    for spoil, words in _DAMAGES:
        killed = site.run("deploy", "--yes", fault=f"after@{taken}")
        assert killed.code == -signal.SIGKILL, str(killed)
        for name, data in spoil(shelf.files(site.operations()[-1]), before).items():
            shelf.put(name, data)
        ended = site.run("resume").expect(10)
        assert words in " ".join(ended.err.split()), str(ended)
        failed = [one.step for one in site.records() if one.kind is Kind.FAIL]
        assert failed == ["prove"]
        assert "migrate" not in {one.step for one in site.records()}
        assert shelf.files(site.operations()[-1]) == {}
    site.deploy().expect(0)
    assert {one["state"] for one in site.facts("backup", "list")} == {"verified"}


def test_a_disk_that_is_full_at_half_ends_the_deploy_before_the_migration(bare: Site) -> None:
    bare.deploy().expect(0)
    bare.migrate()
    place = bare.state / "backups"
    words = ["mount", "-t", "tmpfs", "-o", "size=8k", "tmpfs", str(place)]
    if os.geteuid() or subprocess.run(words, check=False, capture_output=True).returncode:
        pytest.skip("a small file system cannot be mounted here")
    try:
        ended = bare.deploy().expect(10)
        assert "no space is left on the disk" in " ".join(ended.err.split()), str(ended)
        assert [one.step for one in bare.records() if one.kind is Kind.FAIL] == ["backup"]
        assert not {"prove", "migrate"} & {one.step for one in bare.records()}
        assert list(place.iterdir()) == []
    finally:
        subprocess.run(["umount", str(place)], check=True)
