"""Backups that are encrypted for a recipient: made, verified, restored, and what wrong keys are told as."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519

from hotelctl.adapters.age import AgeSealing
from hotelctl.core.errors import StepFailed
from tests.cli.notes import LATE, Notes, kept_aside, late, notes, server

pytestmark = pytest.mark.database
VARIABLE = "HOTELCTL_BACKUP_IDENTITY"


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    with server(18) as url:
        yield url


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """The file of an identity, as age-keygen writes it."""
    made = x25519.Identity.generate()
    path = tmp_path / "key.txt"
    path.write_text(f"# public key: {made.to_public()}\n{made}\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def service(
    beside: str,
    key: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Iterator[Notes]:
    with notes(tmp_path, beside, monkeypatch, capsys) as made:
        file = made.root / "hotelctl.toml"
        recipient = key.read_text().split()[3]
        file.write_text(f'{file.read_text()}\n[backups]\nrecipients = ["{recipient}"]\n')
        monkeypatch.setenv(VARIABLE, str(key))
        yield made


def _plain(service: Notes) -> list[str]:
    """Files of the environment that hold what stood in the database, or begin as parts of a dump do."""
    found = [path for path in service.layout.state.rglob("*") if path.is_file()]
    return [str(path) for path in found if _is_plain(path.read_bytes())]


def _is_plain(data: bytes) -> bool:
    return data.startswith((b"PGDMP", b"\x1f\x8b")) or b"guest 1" in data


def test_an_encrypted_backup_restores_and_leaves_nothing_plain(service: Notes) -> None:
    name = late(service)
    place = service.layout.backup(name)
    assert sorted(path.name for path in place.iterdir()) == ["dump", "manifest.json", "verified.json"]
    files = sorted((place / "dump").iterdir())
    assert all(path.read_bytes().startswith(b"age-encryption.org/v1\n") for path in files)
    assert [path.stat().st_mode & 0o777 for path in files] == [0o600] * len(files)
    assert sorted(json.loads((place / "manifest.json").read_text())["files"]) == [path.name for path in files]
    assert _plain(service) == []
    assert service.facts("backup", "verify", "--quiet")["encrypted_for"][0].startswith("age1")
    service.facts("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet")
    kept_aside(service)
    assert _plain(service) == []


def test_without_the_right_key_nothing_is_known_of_it_and_no_key_is_shown(service: Notes, key: Path) -> None:
    name = service.create()
    secret = key.read_text().split()[-1]
    other = key.with_name("other")
    other.write_text(f"{x25519.Identity.generate()}\n")
    other.chmod(0o600)
    empty = key.with_name("empty")
    empty.write_text("nothing\n")
    empty.chmod(0o600)
    bad_rights = key.with_name("open")
    bad_rights.write_text(key.read_text())
    bad_rights.chmod(0o644)
    for path, words in (
        ("", f"no key is given hint: set {VARIABLE} to the file"),
        (str(other), "encrypted for other keys than the given one"),
        (str(empty), "holds no age identity"),
        (str(bad_rights), "others may read this key hint: chmod 600"),
        ("/nowhere", "/nowhere: the key cannot be read: No such file"),
    ):
        service.monkeypatch.setenv(VARIABLE, path)
        code, out, err = service.run("backup", "verify", name, "--quiet")
        assert (code, words in err) == (3, True), err
        assert secret not in out + err
    assert service.facts("backup", "list")[0]["state"] == "verified"
    assert _plain(service) == []


def test_a_damaged_one_is_told_and_a_bad_recipient_is_refused_before_anything_stays(service: Notes) -> None:
    name = service.create()
    data = max((service.layout.backup(name) / "dump").iterdir(), key=lambda path: path.stat().st_size)
    raw = bytearray(data.read_bytes())
    raw[-1] ^= 1
    data.write_bytes(raw)
    code, _, err = service.run("backup", "verify", name, "--quiet")
    assert (code, f"dump/{data.name} has changed" in err) == (1, True), err

    file = service.root / "hotelctl.toml"
    text = file.read_text()
    file.write_text(text.replace('recipients = ["age1', 'recipients = ["age1z'))
    code, _, err = service.run("backup", "create", "--quiet")
    assert (code, "[backups] recipients: age1z" in err) == (2, True), err
    assert [one["id"] for one in service.facts("backup", "list")] == [name]

    def full(_sealing: AgeSealing, source: Path, _destination: Path) -> None:
        assert (source / "toc.dat").exists()
        raise StepFailed("no space is left on the disk")

    service.monkeypatch.setattr(AgeSealing, "seal", full)
    file.write_text(text)
    code, _, err = service.run("backup", "create", "--quiet")
    assert (code, "no space is left" in err) == (10, True), err
    assert [one["id"] for one in service.facts("backup", "list")] == [name]
    assert _plain(service) == []
