"""What archives hold, whatever they are called: each kind is told by its first bytes."""

import bz2
import gzip
import hashlib
import io
import lzma
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import IO

Read = Callable[[int], bytes]
"""At most so many bytes, none at the end."""

INSIDE = "!"
"""Stands between the path of an archive and the name of a member."""
_DEEPEST = 8
LARGEST_BYTES = 50_000_000
_ALL_BYTES = 500_000_000
_PIECE = 1 << 20
_ZIP, _TAR = "zip", "tar"
_FIRST = {
    b"PK\x03\x04": _ZIP,
    b"\x1f\x8b\x08": "gzip",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "zstd",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
    b"\x04\x22\x4d\x18": "lz4",
}
# A Python archive, or one that unpacks itself: a line that says who runs it stands before the zip.
_RUNS_ITSELF = re.compile(rb"#![^\n]{1,250}\nPK\x03\x04")
# Every file of a history is asked.
_MAY_BEGIN = re.compile(rb"BZh|" + b"|".join(map(re.escape, _FIRST)))
# Each hit of those above begins so, at any place in more bytes.
_MAY_BE = re.compile(_MAY_BEGIN.pattern + rb"|#!")
_ENDS = re.compile(r"(\.(gz|tgz|bz2|tbz2?|xz|txz|zst|tar|zip))+$", re.IGNORECASE)
_TAR_AT, _TAR_SIGN = 257, b"ustar"
# What follows is the first block, or the end of an empty file: a text may begin with the letters alone.
_BZIP2 = re.compile(rb"BZh[1-9](1AY&SY|\x17rE8P\x90)")
_ENCRYPTED = 1

TOO_LARGE = "is not opened as a whole: it, or a file in it, is larger than 50 MB"
TOO_MUCH = "is not opened: more than 500 MB came out of other archives"
TOO_DEEP = "is not opened: it lies in eight archives"
LOCKED = "is not opened: it has a password"
BROKEN = "is not opened, or not as a whole: it is broken, cut off or of an unknown kind"
NO_READER = "is not opened: {} has no reader here"
_DIGEST = re.compile(r" \(sha256 ([0-9a-f]{64})\)$")
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
    if not _MAY_BEGIN.match(content):
        return _ZIP if _RUNS_ITSELF.match(content) else ""
    if _BZIP2.match(content):
        return "bzip2"
    return next((name for first, name in _FIRST.items() if content.startswith(first)), "")


def may_be(data: bytes, start: int, end: int) -> bool:
    """False where `kind` says that what stands there is none: quick, for those who ask of very many."""
    return _MAY_BE.match(data, start, end) is not None or data.startswith(_TAR_SIGN, start + _TAR_AT, end)


def named(why: str, sha256: str) -> str:
    """The reason, and which archive it is about, whatever that is called."""
    return f"{why} (sha256 {sha256})"


def digest_in(reason: str) -> str:
    """The sha256 of the archive that a reason of this module is about; empty for any other reason."""
    found = _DIGEST.search(reason)
    return found[1] if found else ""


class Opened:
    """Opens one archive after another, until 500 MB came out of them: nobody fills a memory with a small one.

    Members of more than 50 MB, what lies below eight others, and what cannot be read is left out: `left_out`
    says why, by the name of the archive, and names the sha256 of the outermost one.
    """

    def __init__(self) -> None:
        """Nothing is open, and nothing was left out."""
        self._left = _ALL_BYTES
        self._outermost = b""
        self.left_out: dict[str, str] = {}

    def __call__(self, name: str, content: bytes, depth: int = _DEEPEST) -> Iterator[tuple[str, bytes]]:
        """Each file inside, by its name behind that of the archive, of a compressed file without its end."""
        found = kind(content)
        if not found:
            return
        if depth == _DEEPEST:
            self._outermost = content
        if not depth:
            self._leave(name, TOO_DEEP)
            return
        for member, data in self._members(found, name, content):
            inner = f"{name}{INSIDE}{member}" if member else name
            if kind(data):
                yield from self(inner, data, depth - 1)
            if not kind(data) or depth == 1:
                yield inner if member else f"{name}{INSIDE}{_plain(name)}", data

    def _members(self, found: str, name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
        """What could be read; a compressed file has one member without a name."""
        file = io.BytesIO(content)
        with self._telling(name):
            if found == _ZIP:
                yield from self._zipped(name, file)
            elif found == _TAR:
                yield from self._tarred(name, file)
            elif read := _unpacking(found, file):
                yield from self._read(name, "", read)
            else:
                self._leave(name, NO_READER.format(found))

    @contextmanager
    def _telling(self, name: str) -> Iterator[None]:
        """A fault is kept, and ends only what is read here."""
        try:
            yield
        except _BROKEN:
            if name not in self.left_out:
                self._leave(name, BROKEN)

    def _leave(self, name: str, why: str) -> None:
        self.left_out[name] = named(why, hashlib.sha256(self._outermost).hexdigest())

    def _zipped(self, name: str, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
        with zipfile.ZipFile(file) as archive:
            for one in archive.infolist():
                if one.flag_bits & _ENCRYPTED:
                    self._leave(name, LOCKED)
                    continue
                with self._telling(name), archive.open(one) as stream:
                    yield from self._read(name, one.filename, stream.read)

    def _tarred(self, name: str, file: IO[bytes]) -> Iterator[tuple[str, bytes]]:
        with tarfile.open(fileobj=file, mode="r:") as archive:
            for one in archive:
                stream = archive.extractfile(one) if one.isreg() else None
                if stream is not None:
                    yield from self._read(name, one.name, stream.read)
            # A header that is none is an end to `tarfile`, as is the first block without a name.
            file.seek(archive.offset)
            if file.read().strip(b"\0"):
                self._leave(name, BROKEN)

    def _read(self, archive: str, name: str, read: Read) -> Iterator[tuple[str, bytes]]:
        """As much as there is before a fault; nothing where it is too large."""
        most, data = min(self._left, LARGEST_BYTES), bytearray()
        with self._telling(archive):
            while len(data) <= most and (more := read(min(_PIECE, most + 1 - len(data)))):
                data += more
        self._left = max(0, self._left - len(data))
        if len(data) > most:
            self._leave(archive, TOO_LARGE if most == LARGEST_BYTES else TOO_MUCH)
        elif data:
            yield name, bytes(data)


def _plain(name: str) -> str:
    """What the file inside is called."""
    return _ENDS.sub("", re.split(rf"[/{INSIDE}]", name)[-1]) or "content"


def _unpacking(found: str, file: IO[bytes]) -> Read | None:
    """None for a kind that Python reads not before 3.14."""
    if found == "gzip":
        return gzip.GzipFile(fileobj=file).read1
    if found == "bzip2":
        return bz2.BZ2File(file).read1
    return lzma.LZMAFile(file).read1 if found == "xz" else None


def unpacked(files: Mapping[str, bytes]) -> tuple[dict[str, bytes], Mapping[str, str]]:
    """All of them, archives as their members; one that gives none, or not all, as it is, too.

    Of what was not opened also why, by its name.
    """
    opened, out = Opened(), dict[str, bytes]()
    for name, content in sorted(files.items()):
        before = len(opened.left_out)
        members = dict(opened(name, content))
        out |= members
        if not members or len(opened.left_out) > before:
            out[name] = content
    return out, opened.left_out


@dataclass(slots=True)
class Archives:
    """Objects of a history that are archives, as they are shown; not what is larger than memory should hold.

    Windows of one object follow each other and share `overlap` bytes. What `also` says of the first window is
    held like an archive.
    """

    overlap: int = 0
    also: Callable[[bytes], bool] = lambda _: False
    held: dict[str, bytearray] = field(default_factory=dict)
    _left: dict[str, tuple[str, "hashlib._Hash"]] = field(default_factory=dict)
    _last: str = ""
    _bytes: int = 0

    @property
    def left_out(self) -> Mapping[str, str]:
        """By object why it is not held; complete when the last window was shown."""
        return {one: named(why, content.hexdigest()) for one, (why, content) in self._left.items()}

    def __call__(self, object_id: str, window: bytes) -> None:
        """Take the next window."""
        begins, self._last = object_id != self._last, object_id
        if begins and (kind(window) or self.also(window)):
            self.held[object_id] = bytearray()
        new = window if begins else window[self.overlap :]
        if object_id in self.held:
            self._hold(object_id, new)
        elif object_id in self._left:
            self._left[object_id][1].update(new)

    def _hold(self, object_id: str, new: bytes) -> None:
        self.held[object_id] += new
        self._bytes += len(new)
        large = len(self.held[object_id]) > LARGEST_BYTES
        if large or self._bytes > _ALL_BYTES:
            content = self.held.pop(object_id)
            self._bytes -= len(content)
            self._left[object_id] = TOO_LARGE if large else TOO_MUCH, hashlib.sha256(content)
