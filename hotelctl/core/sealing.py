"""Encryption at rest, as a port."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Protocol


class Sealing(Protocol):
    """Files that only the owners of some keys can read. Raises `StepFailed`, `UsageError` for bad keys."""

    @property
    def recipients(self) -> tuple[str, ...]:
        """The public keys of those who may read what is sealed now; none where nothing is to be sealed."""
        ...

    def require_recipients(self) -> None:
        """Return when something can be sealed for all of them. Raises `UsageError`."""
        ...

    def seal(self, source: Path, destination: Path) -> None:
        """The files of the directory `source`, sealed, in `destination`, whole and on the disk.

        `source` is gone afterwards, file by file as each is sealed.
        """
        ...

    def opened(self, source: Path) -> AbstractContextManager[Path]:
        """A directory with the files of `source` as they were before, gone after the block.

        Raises:
            StepFailed: no key is given, or none that opens them.
            Damaged: a file is not what was sealed.

        """
        ...
