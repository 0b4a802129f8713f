"""A short text that names one process of one machine, so that what it left behind is known for its own.

`<place>_<pid>_<start>`: `place` stands for the host, its machine's id (two machines may share a name, and a
database server) and its space of process numbers (two containers may), `start` for the process's start in
ticks since the boot, which tells it from a later one with its number.
"""

import hashlib
import os
import re
import socket
from contextlib import suppress
from pathlib import Path

# The id of a boot is each machine's own, too, but what was left before it could never be known again.
_MACHINES = (Path("/etc/machine-id"), Path("/proc/sys/kernel/random/boot_id"))
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
    return hashlib.sha256(f"{socket.gethostname()} {_machine()} {space}".encode()).hexdigest()[:6]


def _machine() -> str:
    """What tells it from others with its name; empty where nothing does."""
    for path in _MACHINES:
        with suppress(OSError):
            if said := path.read_text(encoding="ascii", errors="replace").strip():
                return said
    return ""


def _start(pid: int) -> int | None:
    """Start of the process in ticks since the boot; None when there is no such process, or it has ended."""
    try:
        fields = Path("/proc", str(pid), "stat").read_bytes().rpartition(b")")[2].split()
    except OSError:
        return None
    return None if fields[0] in {b"Z", b"X"} else int(fields[19])
