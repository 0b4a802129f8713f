"""The local file system: writes that survive a crash, reads that leave a record."""

import errno
import hashlib
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

from hotelctl.adapters.chained import ChainedFile
from hotelctl.adapters.disk import make_directories, sync_directory, writing
from hotelctl.adapters.odd_names import ALIKE, place_of
from hotelctl.adapters.touched import SETTLED_NS
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.tree_digest import tree_digest

_CHANGED = "was changed while it was read"


class LocalFiles:
    """Paths in evidence are relative to `project` where they lie inside it."""

    def __init__(self, evidence: EvidenceLog, project: Path) -> None:
        """Keep the log; nothing is touched."""
        self._evidence = evidence
        self._project = project

    def read(self, path: Path) -> bytes:
        """The bytes; that a file is missing is recorded, too. Raises `FileNotFoundError`."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            self._record("read", path, found=False)
            raise
        self._record("read", path, hashlib.sha256(data).hexdigest(), bytes=len(data))
        return data

    def write_durable(self, path: Path, data: bytes, mode: int = 0o644) -> None:
        """All of `data` is on the disk under this name, or the old file is untouched."""
        make_directories(path.parent)
        with writing(path):
            _replace(path, data, mode)
        self._record("write", path, hashlib.sha256(data).hexdigest(), bytes=len(data), mode=oct(mode))

    def sha256(self, path: Path) -> str:
        """Of a file its content; of a directory the names, kinds and contents below it."""
        value = _tree_digest(path) if path.is_dir() else _file_digest(path)
        self._record("sha256", path, value)
        return value

    def digests(self, root: Path, names: Sequence[str]) -> Mapping[str, str]:
        """By relative path; what is no file, or cannot be read, has a word. Links are not followed."""
        found = {str(path.relative_to(root)): _what(path) for path in _below(root / name for name in names)}
        known = {
            os.fsencode(path).decode(errors="backslashreplace"): what for path, what in found.items() if what
        }
        listing = "".join(f"{what}  {path}\n" for path, what in sorted(known.items()))
        self._record("digests", root, hashlib.sha256(listing.encode()).hexdigest(), files=len(known))
        return known

    def contents(self, root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        """By name; what is no plain file, cannot be read or is larger has words. Links are not followed."""
        places, alike = _places(root, names)
        found = {name: _content(place, limit_bytes) for name, place in places.items()}
        return self._told(root, found | alike)

    def of_one_moment(self, root: Path, names: Sequence[str], limit_bytes: int) -> Mapping[str, bytes | str]:
        """The same; what was changed before all were read has words instead."""
        settled_ns, (places, alike) = time.time_ns() - SETTLED_NS, _places(root, names)
        read = {name: (_state(place), _content(place, limit_bytes)) for name, place in places.items()}
        still = {
            name: _is_still(places[name], state, what, settled_ns, limit_bytes)
            for name, (state, what) in read.items()
        }
        told = {name: what if still[name] else _CHANGED for name, (_, what) in read.items()}
        return self._told(root, told | alike)

    def _told(self, root: Path, found: Mapping[str, bytes | str]) -> Mapping[str, bytes | str]:
        listing = "".join(
            f"{what if isinstance(what, str) else hashlib.sha256(what).hexdigest()}  {name}\n"
            for name, what in sorted(found.items())
        )
        digest = hashlib.sha256(listing.encode("utf-8", "surrogateescape")).hexdigest()
        self._record("contents", root, digest, files=len(found))
        return found

    def size_bytes(self, path: Path) -> int:
        """Of a file its size; of a directory the sum of the files below. Raises `FileNotFoundError`."""
        places = path.rglob("*") if path.is_dir() else (path,)
        size = sum(p.lstat().st_size for p in places if p == path or (p.is_file() and not p.is_symlink()))
        self._record("size", path, bytes=size)
        return size

    def exists(self, path: Path) -> bool:
        """Whether something is there; a dangling link is something."""
        found = os.path.lexists(path)
        self._record("exists", path, found=found)
        return found

    def is_file(self, path: Path) -> bool:
        """Whether it leads to a regular file."""
        found = path.is_file()
        self._record("is_file", path, found=found)
        return found

    def glob(self, root: Path, pattern: str) -> Sequence[Path]:
        """Sorted matches below `root`; none where `root` is no directory."""
        found = sorted(root.glob(pattern)) if root.is_dir() else []
        self._record("glob", root / pattern, matches=len(found))
        return found

    def names(self, root: Path, enter: Callable[[str], bool], limit: int) -> Sequence[str]:
        """What cannot be entered for lack of rights is left out; links count as files."""
        found = sorted(islice(_named(root, enter), limit))
        self._record("names", root, matches=len(found))
        return found

    def mode(self, path: Path) -> int:
        """The permission bits of what the path leads to. Raises `FileNotFoundError`."""
        mode = stat.S_IMODE(path.stat().st_mode)
        self._record("mode", path, mode=oct(mode))
        return mode

    def modified_at(self, path: Path) -> datetime:
        """By the file system's own clock, aware UTC. Raises `FileNotFoundError`."""
        found = datetime.fromtimestamp(path.stat().st_mtime, UTC)
        self._record("modified_at", path, modified_at=found.isoformat())
        return found

    def make_directory(self, path: Path, mode: int = 0o755) -> None:
        """The directory and its parents are there; `mode` is for a new one."""
        make_directories(path, mode)

    def remove(self, path: Path) -> None:
        """The file, link or whole directory is gone; a link's target stays."""
        if not os.path.lexists(path):
            return
        with writing(path):
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
            sync_directory(path.parent)
        self._record("remove", path)

    def free_bytes(self, path: Path) -> int:
        """Bytes that this user may still write on the file system of `path`."""
        there = next(p for p in (path, *path.parents) if p.exists())
        free = shutil.disk_usage(there).free
        self._record("free", path, bytes=free)
        return free

    def append_log(self, path: Path) -> ChainedFile:
        """A chained file; a torn last line is cut. Raises `ChainBroken`."""
        return ChainedFile(path)

    def _record(self, operation: str, path: Path, sha256: str | None = None, **more: Any) -> None:  # noqa: ANN401 - JSON values
        shown = path.relative_to(self._project) if path.is_relative_to(self._project) else path
        inputs = [{"path": str(shown), "sha256": sha256}]
        self._evidence.record("files", {"operation": operation, "inputs": inputs, **more})


def _replace(path: Path, data: bytes, mode: int) -> None:
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            os.fchmod(handle.fileno(), mode)
            handle.write(data)
            handle.flush()
            os.fsync(handle.fileno())
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync_directory(path.parent)


def _file_digest(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _named(root: Path, enter: Callable[[str], bool]) -> Iterator[str]:
    for directory, below, files in os.walk(root):
        here = "" if Path(directory) == root else f"{Path(directory).relative_to(root)}/"
        links = [name for name in below if (Path(directory) / name).is_symlink()]
        below[:] = [name for name in sorted(below) if name not in links and enter(here + name)]
        yield from (os.fsencode(here + name).decode(errors="backslashreplace") for name in (*files, *links))


def _below(tops: Iterable[Path]) -> Iterator[Path]:
    for top in tops:
        yield top
        if not top.is_symlink():
            yield from top.rglob("*")


def _what(path: Path) -> str | None:
    """The digest, or a word for what has none; None for a directory and for what is not there."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            return _file_digest(path)
    except FileNotFoundError:
        return None
    except PermissionError:
        return "unreadable"
    return None if stat.S_ISDIR(mode) else "link" if stat.S_ISLNK(mode) else "special"


def _places(root: Path, names: Iterable[str]) -> tuple[dict[str, str], dict[str, str]]:
    """Where each is, and of which there are two. A path object each takes longer than to read them."""
    found = {name: place_of(name if name.startswith("/") else f"{root}/{name}") for name in names}
    alike = dict.fromkeys((name for name, place in found.items() if place is None), ALIKE)
    return {name: place for name, place in found.items() if place is not None}, alike


def _state(path: str) -> tuple[int, ...]:
    """What the kernel keeps of it, empty for what is not there or cannot be looked at."""
    try:
        found = os.lstat(path)
    except OSError:
        return ()
    return (found.st_ctime_ns, found.st_mtime_ns, found.st_size, found.st_ino, found.st_mode)


def _is_still(
    path: str, state: tuple[int, ...], what: bytes | str, settled_ns: int, limit_bytes: int
) -> bool:
    """Whether it is as it was when it was read; of what was changed just now the clock cannot tell."""
    if _state(path) != state:
        return False
    return not state or state[0] < settled_ns or _content(path, limit_bytes) == what


def _content(path: str, limit_bytes: int) -> bytes | str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError:
        return "is not there"
    except OSError as error:
        # A socket cannot be opened at all.
        told = {errno.ELOOP: "is a link", errno.ENXIO: "is no plain file"}
        return told.get(error.errno or 0, f"cannot be read: {error.strerror}")
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            return "is no plain file"
        if status.st_size > limit_bytes:
            return f"has {status.st_size / 1e6:.1f} MB, above {limit_bytes / 1e6:g} MB"
        with open(descriptor, "rb", closefd=False) as handle:
            return handle.read()
    finally:
        os.close(descriptor)


def _tree_digest(root: Path) -> str:
    return tree_digest((str(path.relative_to(root)), _kind(path)) for path in sorted(root.rglob("*")))


def _kind(path: Path) -> str:
    if path.is_symlink():
        return f"link {path.readlink()}"
    return f"file {_file_digest(path)}" if path.is_file() else "directory"
