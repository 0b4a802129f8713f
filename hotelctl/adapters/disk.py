"""What every durable file shares: clear words for a disk that refuses, and directories that are synced."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.core.refused_write import refused_write

_AT_ONCE = 8


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turns a disk's refusal inside the block into one line for people, as `refused_write` words it."""
    try:
        yield
    except OSError as error:
        refusal = refused_write(error, path, _existing(path))
        if refusal is None:
            raise
        raise refusal from error


@contextmanager
def alone_in(directory: Path) -> Iterator[None]:
    """No other process is inside such a block for `directory`; the kernel ends it with this process."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """The names in the directory are on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(root: Path) -> None:
    """Every file and directory below `root`, and `root`, is on the disk."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415 - most commands sync no tree

    places = [(Path(directory), names) for directory, _, names in os.walk(root)]
    files = [path for place, names in places for name in names if not (path := place / name).is_symlink()]
    # A disk that several ask writes for all of them at once: one by one each waits for a turn of its own.
    with ThreadPoolExecutor(_AT_ONCE) as several:
        list(several.map(_sync_file, files))
    for place, _ in places:
        sync_directory(place)


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
