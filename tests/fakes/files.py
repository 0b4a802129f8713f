"""A file system in memory."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from hotelctl.core.chain import Chain, decode, digest, encode
from hotelctl.core.errors import HotelctlError
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.tree_digest import tree_digest
from tests.fakes.evidence import FakeEvidence


class FakeFiles:
    """`content` is the disk, `links` are those of it that are links.

    A path in `refuse` raises that error when it or something below is written.
    """

    def __init__(
        self, content: Mapping[Path, bytes | str] | None = None, evidence: EvidenceLog | None = None
    ) -> None:
        self.evidence = evidence or FakeEvidence()
        self.content: dict[Path, bytes] = {}
        self.modes: dict[Path, int] = {}
        self.directories: set[Path] = set()
        self.refuse: dict[Path, HotelctlError] = {}
        self.links: set[Path] = set()
        self.free = 100_000_000_000
        self.written_at = datetime(2026, 3, 1, 12, tzinfo=UTC)
        for path, data in (content or {}).items():
            self.write_durable(path, data.encode() if isinstance(data, str) else data)

    def read(self, path: Path) -> bytes:
        """The bytes, with a record."""
        data = self.content.get(path)
        sha256 = None if data is None else hashlib.sha256(data).hexdigest()
        self._record("read", path, sha256)
        if data is None:
            raise FileNotFoundError(str(path))
        return data

    def write_durable(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        """Replace the whole file."""
        self._refused(path)
        self.content[path] = data
        self.modes[path] = mode
        self.directories.update(path.parents)

    def sha256(self, path: Path) -> str:
        """Of the file, or of the names and contents below."""
        if path in self.content:
            value = hashlib.sha256(self.content[path]).hexdigest()
        else:
            below = sorted(p for p in self.content if _below(p, path))
            if not below:
                raise FileNotFoundError(str(path))
            kinds = (f"file {hashlib.sha256(self.content[p]).hexdigest()}" for p in below)
            value = tree_digest(zip((str(p.relative_to(path)) for p in below), kinds, strict=True))
        self._record("sha256", path, value)
        return value

    def digests(self, root: Path, names: Sequence[str]) -> Mapping[str, str]:
        """Of all files at or below the names."""
        self._record("digests", root, None)
        tops = [root / name for name in names]
        found = (p for p in self.content if any(p == top or _below(p, top) for top in tops))
        return {str(p.relative_to(root)): hashlib.sha256(self.content[p]).hexdigest() for p in found}

    def contents(self, root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        """What is larger or not there has words."""
        self._record("contents", root, None)
        found = {name: self.content.get(root / name) for name in names}
        said = {
            name: "is not there" if data is None else data if len(data) <= limit_bytes else "is too large"
            for name, data in found.items()
        }
        return said | {name: "is a link" for name in names if root / name in self.links}

    def of_one_moment(self, root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        """Nothing changes meanwhile."""
        return self.contents(root, names, limit_bytes)

    def size_bytes(self, path: Path) -> int:
        """Of the file, or of all below."""
        return sum(len(data) for p, data in self.content.items() if p == path or _below(p, path))

    def exists(self, path: Path) -> bool:
        """A file or a directory."""
        self._record("exists", path, None)
        return path in self.content or path in self.directories

    def is_file(self, path: Path) -> bool:
        """Whether it has content."""
        self._record("is_file", path, None)
        return path in self.content

    def glob(self, root: Path, pattern: str) -> Sequence[Path]:
        """Sorted files and directories that match as pathlib does."""
        self._record("glob", root / pattern, None)
        top = f"{root}/"
        everything = {*self.content, *self.directories}
        below = (path for path in everything if str(path).startswith(top))
        return sorted(path for path in below if _matches(str(path).removeprefix(top), pattern))

    def names(self, root: Path, enter: Callable[[str], bool], limit: int) -> Sequence[str]:
        """Files below directories that may be entered."""
        self._record("names", root, None)
        found = [path.relative_to(root) for path in sorted(self.content) if _below(path, root)]
        open_ones = (p for p in found if all(enter(str(one)) for one in reversed(p.parents) if one.parts))
        return [str(path) for path in open_ones][:limit]

    def mode(self, path: Path) -> int:
        """As written, 0o644 unless a test set another in `modes`."""
        self._record("mode", path, None)
        if path not in self.content and path not in self.directories:
            raise FileNotFoundError(str(path))
        return self.modes.get(path, 0o755 if path in self.directories else 0o644)

    def modified_at(self, path: Path) -> datetime:
        """`written_at`, whatever was written when."""
        self._record("modified_at", path, None)
        if path not in self.content:
            raise FileNotFoundError(str(path))
        return self.written_at

    def make_directory(self, path: Path, mode: int = 0o755) -> None:
        """Directory and parents."""
        self._refused(path)
        self.directories.update((path, *path.parents))
        self.modes.setdefault(path, mode)

    def remove(self, path: Path) -> None:
        """The file or everything below."""
        self.content = {p: d for p, d in self.content.items() if p != path and not _below(p, path)}
        self.directories = {p for p in self.directories if p != path and not _below(p, path)}

    def free_bytes(self, path: Path) -> int:
        """`free`."""
        self._record("free", path, None)
        return self.free

    def append_log(self, path: Path) -> "FakeLog":
        """A chained file whose bytes are in `content`."""
        self._refused(path)
        return FakeLog(self, path)

    def _refused(self, path: Path) -> None:
        for refused, error in self.refuse.items():
            if refused == path or _below(path, refused):
                raise error

    def _record(self, operation: str, path: Path, sha256: str | None) -> None:
        self.evidence.record(
            "files", {"operation": operation, "inputs": [{"path": str(path), "sha256": sha256}]}
        )


class FakeLog:
    """Real chain bytes in a fake file: tests may tear or damage them; foreign bytes are decoded anew."""

    def __init__(self, files: FakeFiles, path: Path) -> None:
        self._files = files
        self._path = path
        data = files.content.get(path, b"")
        files.content[path] = self._known = data[: decode(data).good_bytes]
        self._chain = decode(self._known)
        files.directories.update(path.parents)

    def append(self, record: Mapping[str, Any]) -> dict[str, Any]:
        """The record with its place in the chain."""
        self._files._refused(self._path)
        chain = self._read()
        line = encode(record, len(chain.records) + 1, chain.head)
        self._files.content[self._path] = self._known = self._known + line
        written: dict[str, Any] = json.loads(line)
        self._chain = Chain((*chain.records, written), digest(line), len(self._known), torn=False)
        return written

    def records(self) -> tuple[dict[str, Any], ...]:
        """All of them."""
        return self._read().records

    def _read(self) -> Chain:
        now = self._files.content[self._path]
        if now is not self._known:
            self._known, self._chain = now, decode(now)
        return self._chain


def _below(path: Path, root: Path) -> bool:
    """Whether `path` lies inside `root`; as text, because this is asked very often."""
    return str(path).startswith(f"{root}/")


@cache
def _matches(path: str, pattern: str) -> bool:
    def walk(parts: tuple[str, ...], wanted: tuple[str, ...]) -> bool:
        if not wanted:
            return not parts
        if wanted[0] == "**":
            return any(walk(parts[n:], wanted[1:]) for n in range(len(parts) + 1))
        return bool(parts) and Path(parts[0]).match(wanted[0]) and walk(parts[1:], wanted[1:])

    return walk(Path(path).parts, Path(pattern).parts)
