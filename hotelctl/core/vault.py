"""Where backups are kept, as a port."""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from hotelctl.core.moving import Watcher

MANIFEST = "manifest.json"
"""The record that is written last: without it there is no backup."""


@dataclass(frozen=True, slots=True)
class Opened:
    """The files of a dump in the directory `dump`, as they were kept when `Vault.mark` said `mark`.

    The mark is None where it is the digest of the files, which whoever opened them reads anyway.
    """

    dump: Path
    mark: str | None = None


class Vault(Protocol):
    """One environment's backups, each under its name: the files of its dump, and small records beside them.

    All raise `StepFailed` or `UsageError` where the place refuses, or cannot be reached.
    """

    @property
    def place(self) -> str:
        """Where it is, for people."""
        ...

    def shown(self, name: str, record: str) -> str:
        """Where a record is, for people."""
        ...

    def names(self) -> Sequence[str]:
        """Of everything that is kept here, whole or not, sorted."""
        ...

    def read(self, name: str, record: str) -> bytes | None:
        """The bytes of a record; None where there is none."""
        ...

    def write(self, name: str, record: str, data: bytes) -> None:
        """The record is there, whole or not at all."""
        ...

    def forget(self, name: str, record: str) -> None:
        """The record is gone."""
        ...

    def dump_bytes(self, name: str) -> int:
        """The size of all files of the dump, 0 where there are none; they are not read."""
        ...

    def mark(self, name: str) -> str | None:
        """What changes as soon as a byte of the dump is another one; None where there is no dump."""
        ...

    def landing(self, name: str, watcher: Watcher | None = None) -> AbstractContextManager[Path]:
        """A directory of this user alone in which the block makes `dump`; kept when the block ends well.

        What else was made there, and in a block that fails the dump, too, may stay until `remove`.
        """
        ...

    def opened(self, name: str, watcher: Watcher | None = None) -> AbstractContextManager[Opened]:
        """A directory with the files of the dump as they are kept now; nobody may change it.

        Where the dump is gone it holds no file, or is not there.
        """
        ...

    def remove(self, name: str) -> None:
        """Gone, manifest first, so that half a backup never passes for one."""
        ...
