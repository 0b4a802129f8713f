"""An empty data directory that is kept, so that the next throw-away server is a copy of it.

initdb takes most of a second, a copy of what it made half of that or less. The directory never had a server.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from hotelctl.adapters.disk import make_directories
from hotelctl.adapters.postgres_account import Account, open_way
from hotelctl.core.errors import StepFailed, Unavailable

_COPY = "/bin/cp"
_LIMIT_S = 120.0


class Pattern:
    """Directories below `place`, one for each way to make one."""

    def __init__(self, place: Path) -> None:
        """Nothing is made before the first server."""
        self._place = place

    def copied(self, words: Sequence[str], part: Path, owner: Account, lock: int) -> bool:
        """Whether `part`, empty before and after where it is not, is now as initdb makes it by `words`.

        `lock` is inherited: a copying that outlives us is waited for.
        """
        kept = self._kept(words)
        if not (kept / "PG_VERSION").is_file() or kept.stat().st_uid != owner.uid:
            return False
        if _copy(kept, part, owner, (lock,)):
            return True
        for one in part.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        return False

    def keep(self, words: Sequence[str], made: Path, owner: Account) -> None:
        """A copy of what initdb `made` by `words` is there for the next one; where it cannot be, none is."""
        kept = self._kept(words)
        part = kept.with_name(f"{kept.name}.{os.getpid()}")
        for left in self._place.glob(f"{kept.name}.*"):
            if left == part or not Path("/proc", left.suffix[1:]).exists():
                shutil.rmtree(left, ignore_errors=True)
        if not (kept / "PG_VERSION").is_file():
            shutil.rmtree(kept, ignore_errors=True)
        try:
            make_directories(self._place)
            open_way((part, kept), owner)
            owner.make_directory(part)
            if _copy(made, part, owner) and not kept.exists():
                part.rename(kept)
        except (OSError, StepFailed, Unavailable):
            # Another one kept it at the same moment, or there is no room: the server is made all the same.
            return
        finally:
            shutil.rmtree(part, ignore_errors=True)

    def _kept(self, words: Sequence[str]) -> Path:
        return self._place / f"empty-{hashlib.sha256(repr(list(words)).encode()).hexdigest()[:16]}"


def _copy(source: Path, target: Path, owner: Account, keep_open: tuple[int, ...] = ()) -> bool:
    words = [_COPY, "-a", f"{source}/.", str(target)]
    try:
        return owner.run(words, _LIMIT_S, keep_open=keep_open).returncode == 0
    except StepFailed:
        return False
