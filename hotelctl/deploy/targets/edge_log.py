"""The edge's access log, read while it grows and is changed for a new one."""

import gzip
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path

from hotelctl.facts.edge_log import Answer, answer_of

_PACKED = ".gz"
_BACK_BYTES = 4_000_000


class EdgeLog:
    """What the instance at `address` answered since the Unix time `since_s`; each call tells what is new.

    The first one reads the last four megabytes.
    """

    def __init__(self, path: Path, address: str, since_s: float) -> None:
        """Nothing is read yet."""
        self._path = path
        self._address = address
        self._since_s = since_s
        self._inode = -1
        self._offset = 0
        self._rest = b""

    def __call__(self) -> Sequence[Answer]:
        """Those that are told the first time."""
        found = (answer_of(line, self._address) for line in self._lines())
        return [one for one in found if one is not None and one.at_s >= self._since_s]

    def _lines(self) -> Iterator[bytes]:
        data = b"".join(self._parts())
        *whole, self._rest = (self._rest + data).split(b"\n")
        yield from whole

    def _parts(self) -> Iterator[bytes]:
        with suppress(FileNotFoundError):
            inode = self._path.stat().st_ino
            if inode != self._inode:
                yield from self._older()
                self._offset = 0
            # Changed for another one just now: that is told by the next call.
            with self._path.open("rb") as file:
                if self._inode == -1:
                    self._offset = max(0, file.seek(0, 2) - _BACK_BYTES)
                self._inode = inode
                file.seek(self._offset)
                data = file.read()
                self._offset += len(data)
                yield data

    def _older(self) -> Iterator[bytes]:
        """The end of what was the log before: what was not read yet, or all that the first call looks at."""
        found = self._path.parent.glob(f"{self._path.stem}-*{self._path.suffix}*")
        newest = max((path.name.removesuffix(_PACKED) for path in found), default="")
        # The packed one is written beside the whole one, which goes when that is done.
        for name in (newest, newest + _PACKED) if newest else ():
            with suppress(OSError, EOFError, zlib.error):
                data = self._path.with_name(name).read_bytes()
                data = gzip.decompress(data) if name.endswith(_PACKED) else data
                known = self._inode != -1
                yield data[self._offset :] if known else data[-_BACK_BYTES:]
                return
