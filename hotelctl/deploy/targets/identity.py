"""Which process a number means: a pid comes back, a pid with its start and its boot does not.

Standard library only: the supervisor imports this.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

_STATE, _START, _EXIT = (
    0,
    19,
    49,
)  # fields after the command's name, which may itself hold blanks and brackets


def boot_id() -> str:
    """The kernel's name for this boot of the machine."""
    return Path("/proc/sys/kernel/random/boot_id").read_text().strip()


def _fields(pid: int) -> list[str] | None:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return stat.rpartition(")")[2].split()


def start_ticks(pid: int) -> int | None:
    """When `pid` started, in clock ticks since boot; None when there is no such process."""
    fields = _fields(pid)
    return int(fields[_START]) if fields else None


def zombie_status(pid: int, ticks: int | None) -> int | None:
    """The wait status of that very process while nobody has reaped it; None when it is none."""
    fields = _fields(pid)
    if fields is None or int(fields[_START]) != ticks or fields[_STATE] != "Z":
        return None
    return int(fields[_EXIT])


def alive(pid: int, ticks: int, boot: str) -> bool:
    """Whether that very process still runs; a zombie does not."""
    fields = _fields(pid) if pid > 0 and boot == boot_id() else None
    return fields is not None and int(fields[_START]) == ticks and fields[_STATE] not in "ZX"


def belongs(record: Mapping[str, Any], directory: Path) -> bool:
    """Whether the record was written for this very directory: in a copied or moved one it names a stranger.

    One that names no directory is believed: older ones do not.
    """
    return record.get("home", "") in {"", str(directory.resolve())}
