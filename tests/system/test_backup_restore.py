"""A restore that is killed at any of its acts, and repeated; a deploy whose backups are encrypted."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyrage import x25519

from tests.cli.notes import LATE, Notes, guests, kept_aside, late, notes, server
from tests.house.tracked import ROOT
from tests.services.checkout import commit_all
from tests.system.site import Site

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def beside() -> Iterator[str]:
    with server(18) as url:
        yield url


@pytest.fixture
def service(
    beside: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Notes]:
    with notes(tmp_path, beside, monkeypatch, capsys) as made:
        yield made


_POINTS = range(1, 11)


@pytest.mark.parametrize("point", _POINTS)
def test_a_restore_that_is_killed_is_repeated_by_the_same_command(service: Notes, point: int) -> None:
    """After each act: noted, created, restored, ended; noted, closed, dumped, verified, swapped, ended."""
    name = late(service)
    words = ("backup", "restore", name, "--swap", "--accept-data-loss", str(LATE), "--quiet")
    killed = subprocess.run(
        [sys.executable, "-m", "hotelctl", *words],
        cwd=service.root,
        env={**os.environ, "PYTHONPATH": str(ROOT), "HOTELCTL_FAULT": f"after@{point}"},
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    over = point == _POINTS[-1]
    if not over:
        rows = guests(service)
        assert rows == (2000 if point == _POINTS[-2] else 2000 + LATE)
        code, _, err = service.run("backup", "list")
        assert (code, "a restore was interrupted; to settle it: hotelctl backup restore" in err) == (
            0,
            point != 4,  # the copy is whole, and nothing is in hand
        )
        assert service.facts(*words)["rows"] == 2300
    kept_aside(service)


def test_a_deploy_proves_a_backup_that_is_encrypted(
    bare: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made, key = x25519.Identity.generate(), tmp_path / "key.txt"
    key.touch(0o600)
    key.write_text(str(made))
    file = bare.root / "hotelctl.toml"
    file.write_text(f'{file.read_text()}\n[backups]\nrecipients = ["{made.to_public()}"]\n')
    commit_all(bare.root, "Backups are encrypted")
    refused = bare.deploy().expect(10)
    assert "set HOTELCTL_BACKUP_IDENTITY to the file" in " ".join(refused.err.split())
    monkeypatch.setenv("HOTELCTL_BACKUP_IDENTITY", str(key))
    bare.deploy().expect(0)
    (kept,) = bare.facts("backup", "list")
    assert (kept["state"], kept["encrypted_for"]) == ("verified", [str(made.to_public())])
    dump = bare.state / "backups" / kept["id"] / "dump"
    assert {path.suffix for path in dump.iterdir()} == {".age"}
    assert not list(bare.state.rglob("toc.dat"))
    assert str(made) not in "".join(path.read_text() for path in bare.root.glob("reports/*/*.jsonl"))
