"""Append-only files of hash-chained records that survive a crash in the middle of a write."""

import fcntl
import os
import threading
import weakref
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from hotelctl.adapters.disk import make_directories, sync_directory, writing
from hotelctl.core.chain import GENESIS, Chain, decode, digest, encode


class ChainedFile:
    """One file; `synced` False leaves the fsync after each record to `close`.

    Every append and every cut happens under the file's lock, so a half line that is seen under the
    lock was left by a dead writer, and two writers continue one chain.

    Raises:
        ChainBroken: the file is damaged elsewhere than in a torn last line.

    """

    def __init__(self, path: Path, *, synced: bool = True) -> None:
        """Open or start it; a torn last line is cut off."""
        self._path = path
        self._synced = synced
        make_directories(path.parent)
        with writing(path):
            new = not path.exists()
            self._descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o644)
        self._close = weakref.finalize(self, os.close, self._descriptor)
        if new:
            sync_directory(path.parent)
        self._guard = threading.Lock()
        self._size, self._count, self._head = 0, 0, GENESIS
        with self._locked():
            self._load()

    @property
    def head(self) -> str:
        """The digest that the next record will name."""
        return self._head

    @property
    def count(self) -> int:
        """How many records there are."""
        return self._count

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record as written; a write that the disk refuses leaves the file as it was."""
        with self._locked():
            if os.fstat(self._descriptor).st_size != self._size:
                self._load()
            line = encode(record, self._count + 1, self._head)
            with writing(self._path):
                self._write(line)
            place = {"seq": self._count + 1, "prev_sha256": self._head}
            self._size, self._count, self._head = self._size + len(line), self._count + 1, digest(line)
        return {**record, **place}

    def records(self) -> tuple[dict[str, Any], ...]:
        """All records, oldest first, as they stand on the disk."""
        with self._locked():
            return self._load().records

    def close(self) -> None:
        """Everything is on the disk and the file is closed; later calls do nothing."""
        if self._close.alive:
            os.fsync(self._descriptor)
            self._close()

    def _load(self) -> Chain:
        data = _content(self._descriptor)
        chain = decode(data)
        if chain.torn:
            os.ftruncate(self._descriptor, chain.good_bytes)
            os.fsync(self._descriptor)
        self._size, self._count, self._head = chain.good_bytes, len(chain.records), chain.head
        return chain

    def _write(self, line: bytes) -> None:
        try:
            rest = line
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
            if self._synced:
                os.fsync(self._descriptor)
        except BaseException:
            os.ftruncate(self._descriptor, self._size)
            raise

    @contextmanager
    def _locked(self) -> Iterator[None]:
        with self._guard:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX)
            try:
                yield
            finally:
                fcntl.flock(self._descriptor, fcntl.LOCK_UN)


def _content(descriptor: int) -> bytes:
    parts: list[bytes] = []
    while part := os.pread(descriptor, 1 << 20, sum(map(len, parts))):
        parts.append(part)
    return b"".join(parts)
