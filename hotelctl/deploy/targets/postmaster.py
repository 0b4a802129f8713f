"""The embedded PostgreSQL's end.

`pg_ctl` would refuse root and need the wheel's path; the postmaster's own signals are what it sends.
"""

import os
import signal
from pathlib import Path

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.targets import supervision

FAST_LIMIT_S = 30.0
IMMEDIATE_LIMIT_S = 10.0


def pid_of(data: Path) -> int | None:
    """The running postmaster of that data directory; None when there is none.

    A left-over pid file names no process, or one that works elsewhere than in `data`.
    """
    try:
        pid = int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if _works_in(pid, data) else None


def _works_in(pid: int, data: Path) -> bool:
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except (FileNotFoundError, ProcessLookupError):
        return False


def stop(data: Path) -> int | None:
    """No server runs on `data`; the pid that did. Sessions are ended and a checkpoint is written."""
    pid = pid_of(data)
    if pid is None:
        return None
    for number, limit_s in ((signal.SIGINT, FAST_LIMIT_S), (signal.SIGQUIT, IMMEDIATE_LIMIT_S)):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            return pid
        # Its pid file goes a moment before the process does.
        if supervision.wait_until(lambda: not _works_in(pid, data), limit_s):
            return pid
    raise StepFailed(f"PostgreSQL (pid {pid}) does not stop", f"see the log beside {data}")
