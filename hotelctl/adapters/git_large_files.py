"""The files that Git LFS keeps beside the objects of a repository, each named by its sha256."""

import hashlib
import stat
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from hotelctl.core.history import Look

_PIECE = 1 << 20
_OTHER_BYTES = "has other bytes here than its pointer says: git lfs fsck, then git lfs fetch --all"


@dataclass(frozen=True, slots=True)
class LargeFiles:
    """Those below `directory`."""

    directory: Path

    def states(self, digests: Collection[str]) -> Mapping[str, str]:
        """Size and time of each plain file that is there."""
        found = {}
        for one in sorted(digests):
            try:
                state = self._place(one).lstat()
            except OSError:
                continue
            if stat.S_ISREG(state.st_mode):
                found[one] = f"{state.st_size} {state.st_mtime_ns} {state.st_ino}"
        return found

    def show(self, look: Look, overlap: int, digests: Collection[str]) -> Mapping[str, str]:
        """`look` was given the bytes of each; of others why not."""
        told = {one: self._shown(look, overlap, one) for one in sorted(digests)}
        return {one: why for one, why in told.items() if why}

    def _shown(self, look: Look, overlap: int, digest: str) -> str:
        content, last = hashlib.sha256(), b""
        try:
            for piece in self._pieces(digest):
                content.update(piece)
                look(digest, last + piece)
                last = (last + piece)[-overlap:] if overlap else b""
        except OSError as error:
            return f"cannot be read: {error.strerror}"
        return "" if content.hexdigest() == digest else _OTHER_BYTES

    def _pieces(self, digest: str) -> Iterator[bytes]:
        with self._place(digest).open("rb") as file:
            yield file.read(_PIECE)
            while piece := file.read(_PIECE):
                yield piece

    def _place(self, digest: str) -> Path:
        return self.directory / digest[:2] / digest[2:4] / digest
