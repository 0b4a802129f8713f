"""A backup: a dump in its own directory and, written last, the manifest that makes it exist."""

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from hotelctl.core.errors import StepFailed, UsageError
from hotelctl.core.ports import Clock, Databases, Files, TableCount
from hotelctl.facts.state_file import read_again

_ANEW = "hotelctl abort, then hotelctl deploy makes another one"


@dataclass(frozen=True, slots=True)
class Backup:
    """`tables` were counted in the snapshot of the dump; `verified_at` is set by a finished trial restore."""

    id: str
    created_at: str
    sha256: str
    size_bytes: int
    revision: str | None
    schema_sha256: str
    tables: Mapping[str, TableCount]
    verified_at: str | None = None

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> dict[str, Any]:
        """A plain mapping; `from_json` reads it again."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Backup":
        """The backup that `to_json` wrote. Raises `KeyError` for a missing field."""
        fields = {name: raw[name] for name in cls.__slots__}
        return cls(**fields | {"tables": {name: TableCount(**t) for name, t in raw["tables"].items()}})


class BackupStore:
    """One backup's directory: `dump/` and `manifest.json`."""

    def __init__(self, directory: Path, files: Files, clock: Clock) -> None:
        """Nothing is touched before `take`."""
        self._directory = directory
        self._files = files
        self._clock = clock

    @property
    def dump(self) -> Path:
        """The dump in PostgreSQL's directory format."""
        return self._directory / "dump"

    def take(self, databases: Databases, url: str, revision: str | None) -> Backup:
        """A finished backup of the database at `url`; an unfinished one is thrown away first."""
        with suppress(UsageError):  # what cannot be read is none, and made again
            if (found := self.read()) is not None and self._files.sha256(self.dump) == found.sha256:
                return found
        self.delete()
        self._files.make_directory(self._directory, 0o700)
        tables = databases.dump(url, self.dump)
        made = Backup(
            id=self._directory.name,
            created_at=self._clock.now().isoformat(),
            sha256=self._files.sha256(self.dump),
            size_bytes=self._files.size_bytes(self.dump),
            revision=revision,
            schema_sha256=_digest(databases.schema(url)),
            tables=tables,
        )
        self._write(made)
        return made

    def prove(self, databases: Databases, made: Backup, scratch_url: str) -> Backup:
        """The backup with `verified_at`, after its restore into `scratch_url` equalled the original.

        Raises:
            StepFailed: the dump changed on the disk, or what came back differs; every difference is named.

        """
        if self._files.sha256(self.dump) != made.sha256:
            raise StepFailed(f"backup {made.id}: its bytes are not those that were written")
        databases.restore(self.dump, scratch_url)
        differences = compare(made.tables, databases.counts(scratch_url))
        if _digest(databases.schema(scratch_url)) != made.schema_sha256:
            differences = (*differences, "the schema differs")
        if differences:
            raise StepFailed(f"backup {made.id} does not restore to what it was: {'; '.join(differences)}")
        proven = replace(made, verified_at=self._clock.now().isoformat())
        self._write(proven)
        return proven

    def read(self) -> Backup | None:
        """The backup, None when there is no finished one. Raises `UsageError` for a spoilt manifest."""
        manifest = self._directory / "manifest.json"
        if not self._files.exists(manifest):
            return None
        return read_again(manifest, self._files.read(manifest), Backup.from_json, _ANEW)

    def delete(self) -> None:
        """Gone, manifest first, so that half a backup never exists."""
        self._files.remove(self._directory / "manifest.json")
        self._files.remove(self._directory)

    def _write(self, backup: Backup) -> None:
        text = json.dumps(backup.to_json(), indent=1, sort_keys=True)
        self._files.write_durable(self._directory / "manifest.json", text.encode(), 0o600)


def compare(wanted: Mapping[str, TableCount], found: Mapping[str, TableCount]) -> tuple[str, ...]:
    """Every difference between two counts of the same tables, one phrase each."""
    return tuple(
        f"{name}: {_words(wanted.get(name))} became {_words(found.get(name))}"
        for name in sorted({*wanted, *found})
        if wanted.get(name) != found.get(name)
    )


def _words(count: TableCount | None) -> str:
    return "no table" if count is None else f"{count.rows} rows #{count.checksum[:8]}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
