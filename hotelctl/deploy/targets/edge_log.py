"""The edge's access log, read while it grows and is changed for a new one."""

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from hotelctl.facts.edge_log import Answer, answer_of

_PACKED = ".gz"
_BACK_BYTES = (4_000_000, 64_000_000)
"""How far the first call goes back in one file, until there is a line from before."""
_LINE_BYTES = 100_000
_AT = re.compile(rb'"ts": ?([0-9]+\.?[0-9]*)')


class EdgeLog:
    """What the instance at `address` answered since the Unix time `since_s`; each call tells what is new.

    The first one reads back to that time, in older files, too, as far as the edge keeps them.
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
                    self._offset = self._first(file)
                self._inode = inode
                file.seek(self._offset)
                data = file.read()
                self._offset += len(data)
                yield data

    def _older(self) -> Iterator[bytes]:
        """The end of what was the log before: what was not read yet, or all that the first call looks at."""
        found = self._path.parent.glob(f"{self._path.stem}-*{self._path.suffix}*")
        newest_first = sorted({path.name.removesuffix(_PACKED) for path in found}, reverse=True)
        ends = list[bytes]()
        for name in newest_first:
            data = self._whole(name)
            first = self._offset if self._inode != -1 else self._first(io.BytesIO(data))
            ends.append(data[first:])
            if self._inode != -1 or first or self._before(io.BytesIO(data)):
                break
        yield from reversed(ends)

    def _whole(self, name: str) -> bytes:
        """Nothing of one that cannot be read."""
        # The packed one is written beside the whole one, which goes when that is done.
        with suppress(OSError):
            return self._path.with_name(name).read_bytes()
        with suppress(OSError, EOFError, zlib.error):
            return gzip.decompress(self._path.with_name(name + _PACKED).read_bytes())
        return b""

    def _first(self, file: BinaryIO) -> int:
        """Where the lines since that time begin, or some before them."""
        first, size = 0, file.seek(0, io.SEEK_END)
        for back in _BACK_BYTES:
            first = max(0, size - back)
            file.seek(first)
            if first == 0 or self._before(file):
                break
        return first

    def _before(self, file: BinaryIO) -> bool:
        """Whether the next line is of an earlier time."""
        at = _AT.search(file.read(_LINE_BYTES))
        return at is not None and float(at[1]) < self._since_s
