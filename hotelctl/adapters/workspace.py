"""A directory for what one command makes and nobody keeps."""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.adapters.owner_mark import is_dead, own_mark

_PREFIX = "hotelctl-"
_TRIES, _PAUSE_S = 20, 0.05


@contextmanager
def workspace() -> Iterator[Path]:
    """An empty directory that is gone afterwards; what killed commands of this user left is gone at once."""
    place = marked_directory()
    try:
        yield place
    finally:
        _remove(place)


def marked_directory() -> Path:
    """A new empty directory, whose name says whose it is; what killed commands of this user left is gone."""
    sweep_workspaces()
    return Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{own_mark()}-"))


def _remove(place: Path) -> None:
    """A program that was ended a moment ago may still write; what is left then the next command removes."""
    for _ in range(_TRIES):
        shutil.rmtree(place, ignore_errors=True)
        if not place.exists():
            return
        time.sleep(_PAUSE_S)


def sweep_workspaces() -> None:
    """What commands of this user that were killed left is gone."""
    for place in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        if is_dead(place.name.removeprefix(_PREFIX)) and _is_own(place):
            shutil.rmtree(place, ignore_errors=True)


def _is_own(place: Path) -> bool:
    try:
        return place.lstat().st_uid == os.getuid()
    except OSError:
        return False
