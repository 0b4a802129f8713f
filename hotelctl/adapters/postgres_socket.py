"""Where the embedded PostgreSQL has its socket: with its data, or, where that path is too long, elsewhere."""

import hashlib
import os
import re
import stat
import tempfile
from pathlib import Path

from hotelctl.adapters.postgres_account import Account
from hotelctl.core.errors import StepFailed

_NAME = ".s.PGSQL.5432"
_LIMIT_BYTES = 107
# PostgreSQL reads a list with commas and quotes; a path outside these characters is not given to it.
_PLAIN = re.compile(r"^[A-Za-z0-9_./+@%=-]+$")


def socket_directory(pgdata: Path, owner: Account) -> Path:
    """`pgdata` when the socket's path fits there, else a directory that only the account may enter."""
    if len(os.fsencode(pgdata / _NAME)) <= _LIMIT_BYTES and _PLAIN.match(str(pgdata)):
        return pgdata
    name = hashlib.sha256(os.fsencode(pgdata)).hexdigest()[:16]
    place = _base(owner) / f"hotelctl-{name}"
    if not place.is_symlink() and not place.exists():
        owner.make_directory(place)
    state = place.lstat()
    if not stat.S_ISDIR(state.st_mode) or state.st_uid != owner.uid or state.st_mode & 0o077:
        raise StepFailed(
            f"{place} is not a directory of PostgreSQL's own account, so its socket would not be safe there",
            f"remove {place}, or use a shorter path for the project",
        )
    return place


def clear_sockets(place: Path) -> None:
    """No socket and no lock of a dead server is left in the directory."""
    for leftover in place.glob(".s.PGSQL.*"):
        leftover.unlink(missing_ok=True)


def discard_sockets(place: Path, pgdata: Path) -> None:
    """A directory that was made for the sockets of these data alone is gone."""
    if place != pgdata and place.name.startswith("hotelctl-") and place.is_dir():
        clear_sockets(place)
        place.rmdir()


def _base(owner: Account) -> Path:
    own = os.environ.get("XDG_RUNTIME_DIR")
    candidates = [Path("/run")] if owner.switched else [Path(own)] if own else []
    fitting = (p for p in candidates if p.is_dir() and os.access(p, os.W_OK | os.X_OK))
    return next(fitting, Path(tempfile.gettempdir()))
