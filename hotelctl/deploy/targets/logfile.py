"""Logs that a running process holds open: bounded, and read from their end.

Standard library only: the supervisor imports this.
"""

import os
import shutil
from pathlib import Path

LIMIT_BYTES = 10_000_000
_TAIL_BYTES = 64_000


def open_append(path: Path) -> int:
    """A descriptor that always writes at the end, private to the owner; parents are made."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)


def size(path: Path) -> int:
    """Bytes in the file, 0 when it is not there."""
    try:
        return path.stat().st_size
    except FileNotFoundError:
        return 0


def rotate(path: Path, limit_bytes: int = LIMIT_BYTES) -> bool:
    """Keep a copy as `<name>.1` and empty the file when it is above the limit.

    The writer keeps its descriptor, so the file is emptied, not renamed; a line written between the
    copy and that moment is lost.
    """
    if size(path) <= limit_bytes:
        return False
    shutil.copyfile(path, path.with_name(f"{path.name}.1"))
    os.truncate(path, 0)
    return True


def _end(path: Path, offset: int = 0) -> str:
    try:
        with path.open("rb") as handle:
            last = handle.seek(0, os.SEEK_END)
            handle.seek(max(min(offset, last), last - _TAIL_BYTES))
            return handle.read().decode(errors="replace")
    except FileNotFoundError:
        return ""


def tail(path: Path, lines: int = 20) -> str:
    """The last lines."""
    return "\n".join(_end(path).splitlines()[-lines:])


def holds(path: Path, text: str, offset: int) -> bool:
    """Whether `text` stands near the end, after `offset`."""
    return text in _end(path, offset)
