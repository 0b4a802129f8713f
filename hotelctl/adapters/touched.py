"""Whether files were touched, by what the kernel keeps of each, so that they need not be read to know it.

No call sets the time at which a file was changed: other bytes, another mode, name or place change it, also
where the time of the last writing is put back afterwards.
"""

import hashlib
import os
import stat
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

# Clocks of file systems tick in steps: of what was changed just now a later change might not be seen.
SETTLED_NS = 2_000_000_000


def stamp(place: Path, below: Iterable[str]) -> str:
    """Another text when anything at or below these names in `place` was touched.

    Empty for what was changed in the last two seconds, or cannot be looked at: that must be read.
    """
    return _told(_states(place / one for one in below), SETTLED_NS)


def stamp_of_each(place: Path, names: Iterable[str], settled_ns: int = SETTLED_NS) -> str:
    """The same of these names in `place` alone: of a directory which names it has, not what they hold.

    Empty where one cannot be looked at or was changed within the last `settled_ns` nanoseconds.
    """
    return _told(((path, os.lstat(path)) for path in (f"{place}/{one}" for one in names)), settled_ns)


def _told(states: Iterable[tuple[str, os.stat_result]], settled_ns: int) -> str:
    total, newest = hashlib.sha256(), 0
    try:
        for name, state in sorted(states):
            newest = max(newest, state.st_ctime_ns)
            kept = (state.st_mode, state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino)
            total.update(f"{name}\0{kept}\0".encode("utf-8", "surrogateescape"))
    except OSError:
        return ""
    return "" if newest + settled_ns > time.time_ns() else total.hexdigest()


def _states(places: Iterable[Path]) -> Iterator[tuple[str, os.stat_result]]:
    """Each file, or directory and all below it; links are not followed."""
    named = [(os.fspath(one), os.lstat(one)) for one in places]
    yield from named
    waiting = [one for one, state in named if stat.S_ISDIR(state.st_mode)]
    while waiting:
        with os.scandir(waiting.pop()) as found:
            for entry in found:
                yield entry.path, entry.stat(follow_symlinks=False)
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
