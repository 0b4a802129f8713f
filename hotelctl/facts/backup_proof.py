"""The record beside a backup's manifest that says when its trial restore was finished."""

import hashlib
import json
from typing import Any

NAME = "verified.json"


def proof(manifest: bytes, verified_at: str, **more: object) -> bytes:
    """The record for the backup whose `manifest` this is; it holds for these bytes only."""
    said = {"manifest_sha256": hashlib.sha256(manifest).hexdigest(), "verified_at": verified_at, **more}
    return json.dumps(said, indent=1, sort_keys=True).encode()


def verified_at(manifest: bytes, written: bytes | None) -> str | None:
    """When the backup was proven: by the record `written`, or in the manifest, as earlier versions had it.

    None where neither says so; a record that cannot be read or is of another manifest says nothing.
    """
    record = {} if written is None else _mapping(written)
    if record.get("manifest_sha256") == hashlib.sha256(manifest).hexdigest():
        at = record.get("verified_at")
    else:
        at = _mapping(manifest).get("verified_at")
    return at if isinstance(at, str) and at else None


def mark(manifest: bytes, written: bytes | None) -> str | None:
    """The mark that the dump had when it was proven; None where the record does not say."""
    record = {} if written is None else _mapping(written)
    if record.get("manifest_sha256") != hashlib.sha256(manifest).hexdigest():
        return None
    said = record.get("mark")
    return said if isinstance(said, str) else None


def _mapping(data: bytes) -> dict[str, Any]:
    try:
        raw = json.loads(data)
    except ValueError:
        return {}
    return raw if isinstance(raw, dict) else {}
