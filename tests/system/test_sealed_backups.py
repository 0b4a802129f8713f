"""A deploy whose backups are encrypted."""

from pathlib import Path

import pytest
from pyrage import x25519

from tests.services.checkout import commit_all
from tests.system.site import Site

pytestmark = pytest.mark.system


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
