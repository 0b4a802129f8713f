"""A directory for what one command makes and nobody keeps."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hotelctl.adapters.owner_mark import is_dead, own_mark

_PREFIX = "hotelctl-"


@contextmanager
def workspace() -> Iterator[Path]:
    """An empty directory that is gone afterwards; what killed commands of this user left is gone at once."""
    _sweep(Path(tempfile.gettempdir()))
    prefix = f"{_PREFIX}{own_mark()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as place:
        yield Path(place)


def _sweep(root: Path) -> None:
    for place in root.glob(f"{_PREFIX}*"):
        if is_dead(place.name.removeprefix(_PREFIX)) and _is_own(place):
            shutil.rmtree(place, ignore_errors=True)


def _is_own(place: Path) -> bool:
    try:
        return place.lstat().st_uid == os.getuid()
    except OSError:
        return False
