"""Backups in a directory of this machine, which only its owner may read."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from hotelctl.core.moving import Watcher
from hotelctl.core.ports import Files
from hotelctl.core.vault import MANIFEST, Opened

_DUMP = "dump"


class DirectoryVault:
    """A directory a backup, below `root`."""

    def __init__(self, root: Path, files: Files) -> None:
        """Nothing is touched."""
        self._root = root
        self._files = files

    @property
    def place(self) -> str:
        """The directory."""
        return str(self._root)

    def shown(self, name: str, record: str) -> str:
        """The file's path."""
        return str(self._root / name / record)

    def names(self) -> Sequence[str]:
        """Of all directories."""
        found = self._files.glob(self._root, "*")
        return sorted(path.name for path in found if not self._files.is_file(path))

    def read(self, name: str, record: str) -> bytes | None:
        """The file, where it is there."""
        path = self._root / name / record
        return self._files.read(path) if self._files.exists(path) else None

    def write(self, name: str, record: str, data: bytes) -> None:
        """The file is on the disk."""
        self._files.write_durable(self._root / name / record, data, 0o600)

    def forget(self, name: str, record: str) -> None:
        """The file is gone."""
        self._files.remove(self._root / name / record)

    def dump_bytes(self, name: str) -> int:
        """Of the files below `dump/`."""
        dump = self._root / name / _DUMP
        return self._files.size_bytes(dump) if self._files.exists(dump) else 0

    def mark(self, name: str) -> str | None:
        """The digest of the dump: every byte is read."""
        dump = self._root / name / _DUMP
        return self._files.sha256(dump) if self._files.exists(dump) else None

    @contextmanager
    def landing(self, name: str, watcher: Watcher | None = None) -> Iterator[Path]:
        """The backup's own directory."""
        del watcher
        self._files.make_directory(self._root / name, 0o700)
        yield self._root / name

    @contextmanager
    def opened(self, name: str, watcher: Watcher | None = None) -> Iterator[Opened]:
        """The dump itself."""
        del watcher
        yield Opened(self._root / name / _DUMP)

    def remove(self, name: str) -> None:
        """The directory is gone."""
        self._files.remove(self._root / name / MANIFEST)
        self._files.remove(self._root / name)
