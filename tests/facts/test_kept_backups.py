import json
from datetime import UTC, datetime
from typing import Any

import pytest

from hotelctl.core.dumped import TableCount
from hotelctl.deploy.backup import Backup
from hotelctl.facts.kept_backups import read_manifest

MADE = Backup("d1", "2026-03-01T11:00:00+00:00", "a" * 64, 7, None, "b" * 64, {"t": TableCount(1, "c")})


def _bytes(**changes: Any) -> bytes:  # noqa: ANN401 - any field of the manifest
    return json.dumps(MADE.to_json() | changes).encode()


def test_it_reads_what_a_deploy_writes() -> None:
    found = read_manifest("d1", "backups/d1/manifest.json", _bytes())
    assert (found.created_at, found.verified_at) == (datetime(2026, 3, 1, 11, tzinfo=UTC), None)
    proven = read_manifest("d1", "p", _bytes(verified_at="2026-03-01T11:01:00+00:00"))
    assert proven.verified_at == datetime(2026, 3, 1, 11, 1, tzinfo=UTC)
    assert proven.sha256 == "a" * 64


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"[]", "no JSON object"),
        (b"{", "Expecting"),
        (b"{}", "has no 'created_at'"),
        (_bytes(created_at="yesterday"), "Invalid isoformat"),
        (_bytes(created_at="2026-03-01T11:00:00"), "names no zone"),
    ],
)
def test_anything_else_is_refused(data: bytes, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        read_manifest("d1", "p", data)
