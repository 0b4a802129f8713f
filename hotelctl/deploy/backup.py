"""A backup: a dump in its own directory and, written last, the manifest that makes it exist."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager, suppress
from dataclasses import MISSING, asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from hotelctl.config.release_env import database_identity
from hotelctl.core.dumped import Checksum, Dumped, TableCount
from hotelctl.core.errors import Damaged, StepFailed, UsageError
from hotelctl.core.moving import Watcher
from hotelctl.core.ports import Clock, Databases, Files
from hotelctl.core.sealing import Sealing
from hotelctl.core.tree_digest import tree_digest
from hotelctl.core.vault import MANIFEST, Vault
from hotelctl.facts import backup_proof
from hotelctl.facts.state_file import read_again

_ANEW = "hotelctl backup create or, after hotelctl abort, hotelctl deploy makes another one"
_LOST = "it is lost: hotelctl backup list names the others, hotelctl backup create makes another"


@dataclass(frozen=True, slots=True)
class Backup:
    """`tables` were counted in the snapshot of the dump, `files` are the digests of its files by name.

    `database` says server, port and name, `system` which server and `wal` where its log stood; manifests
    of earlier versions hold none of these. `revision_unknown` is why nobody could tell the revision.
    `level` is how hard it was compressed, None as pg_dump does by itself. `checksum` says of what kind those
    of the tables are; manifests that say nothing have the first one. It is `of_deploy` where a deploy took
    it, as may have been where the manifest does not say.
    `verified_at` is set by a finished trial restore; it stands beside the manifest, which never changes.
    """

    id: str
    created_at: str
    sha256: str
    size_bytes: int
    revision: str | None
    schema_sha256: str
    tables: Mapping[str, TableCount]
    verified_at: str | None = None
    files: Mapping[str, str] = field(default_factory=dict)
    database: str = ""
    system: str | None = None
    wal: str | None = None
    postgresql: int = 0
    compression: str = "gzip"
    sealed_for: tuple[str, ...] = ()
    revision_unknown: str = ""
    level: int | None = None
    checksum: Checksum = Checksum.ROW
    of_deploy: bool = True

    @property
    def rows(self) -> int:
        """All rows of all tables."""
        return sum(table.rows for table in self.tables.values())

    def to_json(self) -> dict[str, Any]:
        """A plain mapping; `from_json` reads it again."""
        return asdict(self)

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "Backup":
        """What `to_json` wrote. Raises `KeyError` for a missing field, `ValueError` for a strange one."""
        known = fields(cls)
        needed = {one.name for one in known if (one.default, one.default_factory) == (MISSING, MISSING)}
        said = {one.name: raw[one.name] for one in known if one.name in needed or one.name in raw}
        said["sealed_for"] = tuple(said.get("sealed_for", ()))
        said["checksum"] = Checksum(said.get("checksum", Checksum.ROW))
        return cls(**said | {"tables": {name: TableCount(**t) for name, t in raw["tables"].items()}})


class BackupStore:
    """One backup in its vault: `dump/`, `manifest.json` and, after a trial restore, `verified.json`."""

    def __init__(
        self,
        name: str,
        vault: Vault,
        files: Files,
        clock: Clock,
        watcher: Watcher | None = None,
        sealing: Sealing | None = None,
    ) -> None:
        """Nothing is touched before `take`; the watcher is told how far a dump or a restore is."""
        self._name = name
        self._vault = vault
        self._files = files
        self._clock = clock
        self._watcher = watcher
        self._sealing = sealing

    def take(
        self, databases: Databases, url: str, revision: str | None, unknown: str = "", *, manual: bool = False
    ) -> Backup:
        """A finished backup of the database at `url`; an unfinished one is thrown away first.

        `revision` is where its migrations are; where that is not known, `unknown` says why.
        One that is `manual` is no release's way back.
        """
        with suppress(UsageError):  # what cannot be read is none, and made again
            if (found := self.read()) is not None and not self.damage(found):
                return found
        self.delete()
        with self._vault.landing(self._name, self._watcher) as place:
            dump = place / "dump"
            dumped, sealed_for = self._dumped(databases, url, dump)
            digests, size_bytes = self._digests(dump), self._files.size_bytes(dump)
        made = Backup(
            id=self._name,
            created_at=self._clock.now().isoformat(),
            sha256=_sum(digests),
            size_bytes=size_bytes,
            revision=revision,
            schema_sha256=_digest(dumped.schema),
            tables=dumped.tables,
            files=digests,
            database=database_identity(url),
            system=dumped.system,
            wal=dumped.wal,
            postgresql=dumped.major,
            compression=dumped.compression,
            sealed_for=sealed_for,
            revision_unknown=unknown,
            level=dumped.level,
            checksum=dumped.checksum,
            of_deploy=not manual,
        )
        self._vault.write(self._name, MANIFEST, json.dumps(made.to_json(), indent=1, sort_keys=True).encode())
        return made

    def _dumped(self, databases: Databases, url: str, dump: Path) -> tuple[Dumped, tuple[str, ...]]:
        """What is in the dump, and for whom it was sealed."""
        sealing = self._sealing
        if sealing is None or not sealing.recipients:
            return databases.dump(url, dump, self._watcher), ()
        # As it is called, whoever holds the lock next clears it away after a crash.
        plain = dump.with_name("plain.part")
        sealing.require_recipients()
        try:
            dumped = databases.dump(url, plain, self._watcher)
            sealing.seal(plain, dump)
        finally:
            self._files.remove(plain)
        return dumped, sealing.recipients

    @contextmanager
    def _plain(self, made: Backup, dump: Path) -> Iterator[Path]:
        if not made.sealed_for:
            yield dump
            return
        if self._sealing is None:
            raise StepFailed(f"backup {made.id} is encrypted", "hotelctl backup restore opens it")
        with self._sealing.opened(dump) as plain:
            yield plain

    def prove(self, databases: Databases, made: Backup, scratch_url: str) -> Backup:
        """The backup with `verified_at`, after its restore into `scratch_url` equalled the original.

        Raises:
            Damaged: the dump changed where it is kept, or what came back differs; every difference is named,
                and no earlier proof holds any more.
            StepFailed: it could not be restored at all.

        """
        try:
            mark = self._restored(databases, made, scratch_url)
        except Damaged:
            self._vault.forget(self._name, backup_proof.NAME)
            raise
        at = self._clock.now().isoformat()
        manifest = self._vault.read(self._name, MANIFEST) or b""
        said = backup_proof.proof(manifest, at, backup=made.id, rows=made.rows, mark=mark)
        self._vault.write(self._name, backup_proof.NAME, said)
        return replace(made, verified_at=at)

    def restore(self, databases: Databases, made: Backup, url: str) -> None:
        """The empty database `url` holds what was backed up. Raises as `prove` does."""
        self._restored(databases, made, url)

    def try_part(
        self, databases: Databases, made: Backup, tables: AbstractSet[str], scratch_url: str
    ) -> None:
        """Every byte is what was written, and of `tables` schema and rows restored as they were.

        It is no proof of the whole, and is not written down as one. Raises as `prove` does.
        """
        try:
            self._restored(databases, made, scratch_url, tables)
        except Damaged:
            self._vault.forget(self._name, backup_proof.NAME)
            raise

    def _restored(
        self, databases: Databases, made: Backup, url: str, only: AbstractSet[str] | None = None
    ) -> str:
        """The mark of what was restored."""
        rows = {name: t.rows for name, t in made.tables.items() if only is None or name in only}
        with self._vault.opened(self._name, self._watcher) as opened:
            damage = self._changed(made, opened.dump)
            if damage:
                raise Damaged(
                    f"backup {made.id}: its bytes are not those that were written: {'; '.join(damage)}", _LOST
                )
            watcher = self._watcher and replace(self._watcher, rows=rows)
            with self._plain(made, opened.dump) as plain:
                databases.restore(plain, url, watcher, only)
        differences = unlike(databases, made, url, only, watcher)
        if differences:
            said = "; ".join(differences)
            raise Damaged(f"backup {made.id} does not restore to what it was: {said}", _LOST)
        return opened.mark or made.sha256

    def damage(self, made: Backup) -> tuple[str, ...]:
        """What of the dump is other than it was written, each file by its name; every byte is read."""
        with self._vault.opened(self._name, self._watcher) as opened:
            return self._changed(made, opened.dump)

    def _changed(self, made: Backup, dump: Path) -> tuple[str, ...]:
        found = self._digests(dump)
        if _sum(found) == made.sha256:
            return ()
        if not made.files:
            return (f"{self._name}/dump has changed",)
        return tuple(f"{self._name}/dump/{name} {what}" for name, what in _changes(made.files, found))

    def read(self) -> Backup | None:
        """The backup, None when there is no finished one. Raises `UsageError` for a spoilt manifest."""
        data = self._vault.read(self._name, MANIFEST)
        if data is None:
            return None
        made = read_again(self._vault.shown(self._name, MANIFEST), data, Backup.from_json, _ANEW)
        written = self._vault.read(self._name, backup_proof.NAME)
        return replace(made, verified_at=backup_proof.verified_at(data, written))

    def delete(self) -> None:
        """Gone, manifest first, so that half a backup never exists."""
        self._vault.remove(self._name)

    def _digests(self, dump: Path) -> dict[str, str]:
        found = self._files.digests(dump.parent, [dump.name])
        return {name.removeprefix(f"{dump.name}/"): digest for name, digest in sorted(found.items())}


def unlike(
    databases: Databases,
    made: Backup,
    url: str,
    only: AbstractSet[str] | None = None,
    watcher: Watcher | None = None,
) -> tuple[str, ...]:
    """Every difference between the database `url` and what `made` was taken of, one phrase each.

    Of tables that are not in `only`, where it is given, no row is expected.
    """
    found = databases.counts(url, watcher, made.checksum)
    left = set() if only is None else {name for name, one in found.items() if not one.rows} - only
    # An empty one that is to be empty is as it should be, whatever it held when it was dumped.
    wanted = {name: found[name] if name in left else one for name, one in made.tables.items()}
    differences = compare(wanted, found)
    if _digest(databases.schema(url)) != made.schema_sha256:
        return (*differences, "the schema differs")
    return differences


def compare(wanted: Mapping[str, TableCount], found: Mapping[str, TableCount]) -> tuple[str, ...]:
    """Every difference between two counts of the same tables, one phrase each."""
    return tuple(
        f"{name}: {_words(wanted.get(name))} became {_words(found.get(name))}"
        for name in sorted({*wanted, *found})
        if wanted.get(name) != found.get(name)
    )


def _words(count: TableCount | None) -> str:
    return "no table" if count is None else f"{count.rows} rows #{count.checksum[:8]}"


def _changes(wanted: Mapping[str, str], found: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for name in sorted({*wanted, *found}):
        if name not in found:
            yield name, "is gone"
        elif name not in wanted:
            yield name, "does not belong there"
        elif wanted[name] != found[name]:
            yield name, "has changed"


def _sum(digests: Mapping[str, str]) -> str:
    """The digest of the dump's directory, as `Files.sha256` has it."""
    return tree_digest((name, f"file {digest}") for name, digest in sorted(digests.items()))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
