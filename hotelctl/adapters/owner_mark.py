"""A short text that names one process of one machine, so that what it left behind is known for its own.

`<place>_<pid>_<start>`: `place` stands for the host and its space of process numbers (two containers may
share a host's name), `start` for the process's start in ticks since the boot, which tells it from a later
one with its number.
"""

import hashlib
import os
import re
import socket
from pathlib import Path

_MARK = re.compile(r"^([0-9a-f]{6})_([0-9a-f]{1,8})_([0-9a-f]{1,12})")


def own_mark() -> str:
    """The mark of this process."""
    pid = os.getpid()
    return f"{_place()}_{pid:x}_{_start(pid) or 0:x}"


def is_dead(mark: str) -> bool:
    """Whether it names a process of this machine that is gone; False for what cannot be known here."""
    hit = _MARK.match(mark)
    if hit is None or hit[1] != _place():
        return False
    return _start(int(hit[2], 16)) != int(hit[3], 16)


def _place() -> str:
    space = os.stat("/proc/self/ns/pid").st_ino if Path("/proc/self/ns/pid").exists() else 0  # noqa: PTH116 - a link that leads nowhere by name
    return hashlib.sha256(f"{socket.gethostname()} {space}".encode()).hexdigest()[:6]


def _start(pid: int) -> int | None:
    """Start of the process in ticks since the boot; None when there is no such process, or it has ended."""
    try:
        fields = Path("/proc", str(pid), "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in {b"Z", b"X"} else int(fields[19])
