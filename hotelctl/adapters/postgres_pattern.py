"""An empty data directory that is kept, so that the next throw-away server is a copy of it.

initdb takes most of a second, a copy of what it made half of that or less. The directory never had a server.
Nobody need wait for the copy, either, where an earlier command has left one behind for the next server.
"""

import hashlib
import os
import shutil
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from hotelctl.adapters.disk import make_directories
from hotelctl.adapters.postgres_account import Account, open_way
from hotelctl.core.errors import StepFailed, Unavailable

_COPY = "/bin/cp"
# Beside work that is waited for, a copy that nobody waits for takes what is left of the processor.
_LAST = ("/usr/bin/nice", "-n", "19")
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
        if not _is_whole(kept, owner):
            return False
        ahead = _ahead(kept)
        if _is_whole(ahead, owner):
            # Of several commands at once one gets it.
            with suppress(OSError):
                ahead.rename(part)
                return True
        if _copy(kept, part, owner, (lock,)):
            return True
        for one in part.iterdir():
            shutil.rmtree(one) if one.is_dir() else one.unlink()
        return False

    def keep(self, words: Sequence[str], made: Path, owner: Account) -> None:
        """A copy of what initdb `made` by `words` is there for the next one; where it cannot be, none is."""
        kept = self._kept(words)
        part = self._part(kept)
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

    def begin_ahead(self, words: Sequence[str], owner: Account) -> "Ahead | None":
        """A copy for the next server is being made; None where there is one, or nothing to be copied."""
        kept = self._kept(words)
        if _ahead(kept).exists() or not _is_whole(kept, owner):
            return None
        part = self._part(kept)
        try:
            open_way((part,), owner)
            owner.make_directory(part)
            return Ahead(owner.begun([*_LAST, *_copying(kept, part)]), part, _ahead(kept))
        except (OSError, StepFailed, Unavailable):
            # There is no room: the next server is made all the same.
            shutil.rmtree(part, ignore_errors=True)
            return None

    def _part(self, kept: Path) -> Path:
        """Where this process makes one; what dead ones left is gone."""
        part = kept.with_name(f"{kept.name}.{os.getpid()}")
        for left in self._place.glob(f"{kept.name}.*"):
            if left == part or not Path("/proc", left.suffix[1:]).exists():
                shutil.rmtree(left, ignore_errors=True)
        return part

    def _kept(self, words: Sequence[str]) -> Path:
        return self._place / f"empty-{hashlib.sha256(repr(list(words)).encode()).hexdigest()[:16]}"


@dataclass(frozen=True, slots=True)
class Ahead:
    """A copy that is being made in `part` and shall be called `name`."""

    process: "subprocess.Popen[bytes]"
    part: Path
    name: Path

    def end(self) -> None:
        """It is there if it is whole by now; else there is nothing, and nothing goes on."""
        if self.process.poll() is None:
            self.process.kill()
        if self.process.wait() == 0:
            # Another command may have left one meanwhile.
            with suppress(OSError):
                self.part.rename(self.name)
                return
        shutil.rmtree(self.part, ignore_errors=True)


def _is_whole(made: Path, owner: Account) -> bool:
    return (made / "PG_VERSION").is_file() and made.stat().st_uid == owner.uid


def _ahead(kept: Path) -> Path:
    return kept.with_name(f"{kept.name}-ahead")


def _copying(source: Path, target: Path) -> list[str]:
    return [_COPY, "-a", f"{source}/.", str(target)]


def _copy(source: Path, target: Path, owner: Account, keep_open: tuple[int, ...] = ()) -> bool:
    try:
        return owner.run(_copying(source, target), _LIMIT_S, keep_open=keep_open).returncode == 0
    except StepFailed:
        return False
