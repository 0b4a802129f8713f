"""What archives hold, whatever they are called: each kind is told by its first bytes."""

import bz2
import gzip
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import IO

Read = Callable[[int], bytes]

INSIDE = "!"
"""Stands between the path of an archive and the name of a member."""
_DEEPEST = 8
_LARGEST_BYTES = 50_000_000
_ALL_BYTES = 500_000_000
_ZIP, _TAR = "zip", "tar"
_FIRST = {
    b"PK\x03\x04": _ZIP,
    b"\x1f\x8b\x08": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
}
_ENDS = re.compile(r"(\.(gz|tgz|bz2|tbz2?|xz|txz|zst|tar|zip))+$", re.IGNORECASE)
_TAR_AT, _TAR_SIGN = 257, b"ustar"
# What the readers raise for bytes that are no such archive, are cut off, or need a password.
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ValueError,
    KeyError,
    OverflowError,
    RuntimeError,
)


def kind(content: bytes) -> str:
    """Which kind of archive, or compressed file, begins so; empty for none."""
    if content[_TAR_AT : _TAR_AT + len(_TAR_SIGN)] == _TAR_SIGN:
        return _TAR
    return next((name for first, name in _FIRST.items() if content.startswith(first)), "")


class Opened:
    """Opens one archive after another, until 500 MB came out of them: nobody fills a memory with a small one.

    Left out are members of more than 50 MB, what lies below eight others, and what cannot be read.
    """

    def __init__(self) -> None:
        """Nothing is open, and nothing was left out for its size."""
        self._left = _ALL_BYTES
        self.left_out = False

    def __call__(self, name: str, content: bytes, depth: int = _DEEPEST) -> Iterator[tuple[str, bytes]]:
        """Each file inside, by its name behind that of the archive, of a compressed file without its end."""
        found = kind(content)
        if not found or not depth:
            return
        for member, data in self._members(found, content):
            inner = f"{name}{INSIDE}{member}" if member else name
            if kind(data) and depth > 1:
                yield from self(inner, data, depth - 1)
            else:
                yield inner if member else f"{name}{INSIDE}{_plain(name)}", data

    def _members(self, found: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        """What could be read before the first fault; a compressed file has one member without a name."""
        file = io.BytesIO(content)
        with suppress(*_BROKEN):
            if found == _ZIP:
                yield from self._zipped(file)
            elif found == _TAR:
                yield from self._tarred(file)
            elif read := _unpacking(found, file):
                yield from self._read("", read)

    def _zipped(self, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(file) as archive:
            for one in archive.infolist():
                with suppress(*_BROKEN), archive.open(one) as stream:
                    yield from self._read(one.filename, stream.read)

    def _tarred(self, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for one in archive:
                stream = archive.extractfile(one) if one.isreg() else None
                if stream is not None:
                    yield from self._read(one.name, stream.read)

    def _read(self, name: str, read: Read) -> Iterator[tuple[str, bytes]]:
        """Nothing where it is too large."""
        most = min(self._left, _LARGEST_BYTES)
        data = read(most + 1)
        self._left = max(0, self._left - len(data))
        if len(data) > most:
            self.left_out = True
        elif data:
            yield name, data


def _plain(name: str) -> str:
    """What the file inside is called."""
    return _ENDS.sub("", re.split(rf"[/{INSIDE}]", name)[-1]) or "content"


def _unpacking(found: str, file: IO[bytes]) -> Read | None:
    """None for a kind that Python reads not before 3.14."""
    if found == "gzip":
        return gzip.GzipFile(fileobj=file).read
    if found == "bzip2":
        return bz2.BZ2File(file).read
    return lzma.LZMAFile(file).read if found == "xz" else None


def unpacked(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """All of them, archives as their members; one that gives none, or more than is let out, as it is, too."""
    opened, out = Opened(), dict[str, bytes]()
    for name, content in sorted(files.items()):
        members = dict(opened(name, content))
        out |= members
        if not members or opened.left_out:
            out[name] = content
    return out


@dataclass(slots=True)
class Archives:
    """Objects of a history that are archives, as they are shown; not what is larger than memory should hold.

    Windows of one object follow each other and share `overlap` bytes.
    """

    overlap: int = 0
    held: dict[str, bytearray] = field(default_factory=dict)
    _last: str = ""
    _bytes: int = 0

    def __call__(self, object_id: str, window: bytes) -> None:
        """Take the next window."""
        begins, self._last = object_id != self._last, object_id
        if begins and kind(window):
            self.held[object_id] = bytearray()
        if object_id in self.held:
            new = window if begins else window[self.overlap :]
            self.held[object_id] += new
            self._bytes += len(new)
            if len(self.held[object_id]) > _LARGEST_BYTES or self._bytes > _ALL_BYTES:
                self._bytes -= len(self.held.pop(object_id))
