"""What every durable file shares: clear words for a disk that refuses, and directories that are synced."""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.core.errors import StepFailed, UsageError

_FULL = {errno.ENOSPC: "no space is left on the disk", errno.EDQUOT: "the disk quota is used up"}
_REFUSED = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns a disk's refusal inside the block into one line for people.

    Raises:
        StepFailed: disk or quota full.
        UsageError: not permitted, or a file where a directory is needed.

    """
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            remedy = f"make room on the file system of {_existing(path)}, then run it again"
            raise StepFailed(f"{path}: {_FULL[error.errno]}", remedy) from error
        if error.errno in _REFUSED:
            remedy = f"give this user the right to write in {_existing(path)}"
            raise UsageError(f"{path}: cannot be written: {_reason(error)}", remedy) from error
        if error.errno in {errno.ENOTDIR, errno.EISDIR, errno.EEXIST}:
            remedy = "move what stands there out of the way"
            raise UsageError(f"{path}: cannot be written: {_reason(error)}", remedy) from error
        raise


def sync_directory(path: Path) -> None:
    """The names in the directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(root: Path) -> None:
    """Every file and directory below `root`, and `root`, is on the disk."""
    for directory, _, names in os.walk(root):
        for name in names:
            path = Path(directory, name)
            if not path.is_symlink():
                _sync_file(path)
        sync_directory(Path(directory))


def make_directories(path: Path, mode: int = 0o755) -> None:
    """`path` and its parents exist and their names are on the disk; `mode` is for `path` alone."""
    missing = [p for p in (path, *path.parents) if not p.is_dir()]
    with writing(path):
        for directory in reversed(missing):
            directory.mkdir(mode if directory == path else 0o755, exist_ok=True)
            sync_directory(directory.parent)


def _sync_file(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _existing(path: Path) -> Path:
    return next((p for p in path.parents if p.is_dir()), path.parent)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
