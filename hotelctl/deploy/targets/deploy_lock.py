"""The environment's deploy lock for who stops it: the same file and record that every operation uses."""

import fcntl
import getpass
import json
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from hotelctl.core.errors import Locked
from hotelctl.core.holder import Holder
from hotelctl.deploy.targets import disk, durable, identity

_TRIES = 5
_PAUSE_S = 0.02


@contextmanager
def holding(state: Path, what: str) -> Iterator[None]:
    """Nobody else operates on the environment meanwhile, and whoever tries is told `what` holds it.

    Raises:
        Locked: an operation that is alive holds it; the kernel frees the lock of a dead one.

    """
    with disk.writing(state):
        handle = os.open(state / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        if not _taken(handle):
            raise _refusal(state)
        # A full disk must not keep anything running: the record is for people only.
        with suppress(OSError):
            durable.write_json(state / "holder.json", _me(state, what).to_json())
        yield
    finally:
        os.close(handle)


def _taken(handle: int) -> bool:
    """Tried more than once: who only looks whether it is held holds it for a moment."""
    for _ in range(_TRIES):
        with suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return True
        time.sleep(_PAUSE_S)
    return False


def _refusal(state: Path) -> Locked:
    holder = _last(state)
    who = holder.describe(datetime.now(UTC), alive=True) if holder else "an unknown process"
    return Locked(f"the environment is locked: {who}", "wait for it to end, or end it, then stop again")


def _last(state: Path) -> Holder | None:
    """Who holds it or held it last; None where the record tells nobody."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return Holder.from_json(json.loads((state / "holder.json").read_bytes()))
    return None


def _me(state: Path, what: str) -> Holder:
    """With the fence of whoever held it last: a stop moves no traffic, so it needs no number of its own."""
    user, fence = f"uid {os.getuid()}", 0
    with suppress(KeyError, OSError):
        user = getpass.getuser()
    last = _last(state)
    with suppress(OSError, ValueError):
        fence = int((state / "fence").read_text(encoding="ascii"))
    return Holder(
        user=user,
        host=socket.gethostname(),
        pid=os.getpid(),
        pid_started=time.time(),
        boot_id=identity.boot_id(),
        operation=what,
        deploy="",
        step="",
        fence=fence if last is None else max(fence, last.fence),
        since_utc=datetime.now(UTC).isoformat(),
    )
