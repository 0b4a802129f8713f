"""A deploy that restores a part of a large database's backup says what that does not prove."""

import httpx
import pytest

from tests.services.checkout import commit_all
from tests.system.site import Site

pytestmark = pytest.mark.system


def test_the_schema_alone_is_proven_and_the_backup_stays_unverified(bare: Site) -> None:
    file = bare.root / "hotelctl.toml"
    file.write_text(f'{file.read_text()}\n[backups]\nprove = "schema"\nfull_up_to_bytes = 0\n')
    commit_all(bare.root, "Only the schema is restored on trial")
    bare.deploy().expect(0)
    assert httpx.post(f"{bare.url}/notes", json={"text": "kept"}, timeout=60).status_code == 201
    bare.migrate()
    told = " ".join(bare.deploy().expect(0).out.split())
    assert " proved the schema and all rows of 1 table; not proven, as the database has " in told
    assert "that 1 row of public.notes and large objects restore" in told
    (state, *_) = (one["state"] for one in bare.facts("backup", "list"))
    assert state == "unverified"
    assert bare.facts("backup", "verify")["verified_at"]
