"""What a unit holds in memory: its process and all of its session, as the kernel counts them."""

import os
from contextlib import suppress
from pathlib import Path

# Of /proc/PID/stat, counted from the state.
_SESSION, _PAGES = 3, 21


def session_bytes(session: int) -> int | None:
    """Resident memory of all processes of that session, shared pages in each; None when none lives."""
    pages = [held for held in map(_pages, _numbers()) if held is not None and held[0] == session]
    return sum(count for _, count in pages) * os.sysconf("SC_PAGE_SIZE") or None


def _numbers() -> list[int]:
    return [int(entry.name) for entry in os.scandir("/proc") if entry.name.isdecimal()]


def _pages(pid: int) -> tuple[int, int] | None:
    with suppress(OSError):
        words = Path("/proc", str(pid), "stat").read_bytes().rpartition(b")")[2].split()
        return int(words[_SESSION]), int(words[_PAGES])
    return None
