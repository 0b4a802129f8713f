"""Files that are whole or absent, whenever the machine or the process stops.

The temporary name is fixed, so a repeat after a kill overwrites what was left. Standard library only:
the supervisor imports this.
"""

import json
import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple


class Renamed(NamedTuple):
    """When a rename began, by the monotonic clock, and the seconds that it alone took."""

    at_s: float
    took_s: float


def part(path: Path) -> Path:
    """Where `write` prepares the new content."""
    return path.with_name(f".{path.name}.part")


def write(path: Path, data: bytes, mode: int = 0o600) -> Renamed:
    """Temp file, fsync, rename, fsync of the directory, which must exist. Of a full disk nothing is left."""
    temporary = part(path)
    try:
        _fill(temporary, data, mode)
        began = time.monotonic()
        temporary.replace(path)
        renamed = Renamed(began, time.monotonic() - began)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    sync_directory(path.parent)
    return renamed


def _fill(path: Path, data: bytes, mode: int) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, mode)
    try:
        os.fchmod(handle, mode)
        view = memoryview(data)
        while view:
            view = view[os.write(handle, view) :]
        os.fsync(handle)
    finally:
        os.close(handle)


def sync_directory(path: Path) -> None:
    """A rename or removal inside `path` is on the disk when this returns."""
    handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove(path: Path) -> None:
    """Neither the file nor a half-written one is there afterwards."""
    part(path).unlink(missing_ok=True)
    path.unlink(missing_ok=True)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """`write` of a mapping, readable by people."""
    write(path, json.dumps(data, indent=1, sort_keys=True).encode() + b"\n")


def read_json(path: Path) -> dict[str, Any] | None:
    """The mapping that stands there; None when there is none or it is no JSON object."""
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return data if isinstance(data, dict) else None
