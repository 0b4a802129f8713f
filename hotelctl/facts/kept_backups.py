"""The backups that deploys left, and the newest one whose trial restore was finished."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from hotelctl.facts.backup_proof import mark, verified_at
from hotelctl.facts.spoilt_file import SpoiltFile


@dataclass(frozen=True, slots=True)
class Manifest:
    """What is written of one backup; `verified_at` is None until its trial restore was finished.

    `mark` is what its dump was known by then where it is kept; None where that is `sha256`.
    """

    name: str
    path: str
    created_at: datetime
    verified_at: datetime | None
    sha256: str
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class KeptBackups:
    """`newest` is the newest that was restored on trial, and `sha256` what its dump is now, None when gone.

    `unproven` are the names of younger ones without a finished trial restore, `spoilt` the manifests
    of younger ones that nobody can read. `place` is the directory, relative to the project.
    """

    place: str
    newest: Manifest | None
    sha256: str | None
    unproven: tuple[str, ...]
    now: datetime
    limit: timedelta
    profile: str
    spoilt: tuple[SpoiltFile, ...] = ()

    def age(self, one: Manifest) -> timedelta:
        """How long ago its dump was begun to be written down."""
        return self.now - one.created_at


def read_manifest(name: str, path: str, data: bytes, proof: bytes | None = None) -> Manifest:
    """The manifest of the backup `name`, as a deploy wrote it, with the record of its trial restore.

    Raises:
        ValueError: it is none.

    """
    raw = json.loads(data)
    if not isinstance(raw, dict):
        raise ValueError("it is no JSON object")  # noqa: TRY004 - a content, not a type that a caller passed
    try:
        proven = verified_at(data, proof)
        return Manifest(
            name,
            path,
            _time(raw["created_at"], "created_at"),
            _time(proven, "verified_at") if proven else None,
            str(raw["sha256"]),
            mark(data, proof),
        )
    except KeyError as error:
        raise ValueError(f"it has no {error}") from error


def _time(said: object, key: str) -> datetime:
    """An aware time. Raises `ValueError`."""
    at = datetime.fromisoformat(str(said))
    if at.tzinfo is None:
        raise ValueError(f"{key} names no zone")
    return at
