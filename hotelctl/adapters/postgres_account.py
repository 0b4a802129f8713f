"""The system account that the embedded PostgreSQL runs as: one's own, or `pgserver` for root.

PostgreSQL refuses to run as root. For root the account is made when it is missing, and it is let pass
(not look) through the directories above its data and its programs.
"""

import fcntl
import os
import pwd
import shutil
import stat
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotelctl.adapters.disk import sync_directory, writing
from hotelctl.core.errors import StepFailed, Unavailable

_NAME = "pgserver"
_ENV = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """`switched` says that programs must be started as another user than one's own."""

    uid: int
    gid: int
    switched: bool

    def run(
        self,
        argv: list[str],
        limit_s: float,
        env: Mapping[str, str] | None = None,
        keep_open: tuple[int, ...] = (),
    ) -> subprocess.CompletedProcess[str]:
        """The program's end, run as this account in a session of its own and a clean environment."""
        try:
            return subprocess.run(
                argv,
                **self._around(env),
                capture_output=True,
                text=True,
                errors="replace",
                timeout=limit_s,
                pass_fds=keep_open,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise StepFailed(f"{argv[0]} did not end within {limit_s:g} s", "is the disk well?") from error
        except OSError as error:
            raise StepFailed(
                f"{argv[0]} cannot be started: {error.strerror}", "check its permissions"
            ) from error

    def begun(self, argv: list[str]) -> "subprocess.Popen[bytes]":
        """The program, running in the same way; nobody hears it. Raises `OSError` where it cannot start."""
        nothing = subprocess.DEVNULL
        return subprocess.Popen(argv, **self._around(), stdout=nothing, stderr=nothing)

    def _around(self, env: Mapping[str, str] | None = None) -> dict[str, Any]:
        return {
            "user": self.uid if self.switched else None,
            "group": self.gid if self.switched else None,
            "extra_groups": () if self.switched else None,
            "env": {**_ENV, **(env or {})},
            "cwd": "/",
            "stdin": subprocess.DEVNULL,
            "start_new_session": True,
            "umask": 0o077,
        }

    def make_directory(self, path: Path) -> None:
        """A new directory for this account alone."""
        with writing(path):
            path.mkdir(0o700)
            if self.switched:
                os.chown(path, self.uid, self.gid)
            sync_directory(path.parent)


def account() -> Account:
    """One's own account; for root, `pgserver`, made when it is missing.

    Raises:
        Unavailable: it cannot be made here.

    """
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid(), switched=False)
    found = _find() or _make_once()
    return Account(found.pw_uid, found.pw_gid, switched=True)


def _find() -> pwd.struct_passwd | None:
    try:
        return pwd.getpwnam(_NAME)
    except KeyError:
        return None


def _make_once() -> pwd.struct_passwd:
    """Of two at once, the second useradd would give the account of the first another number."""
    with _alone():
        return _find() or _make()


@contextmanager
def _alone() -> Iterator[None]:
    """Every hotelctl of this machine waits for the one inside."""
    accounts = os.open("/etc", os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(accounts, fcntl.LOCK_EX)
        yield
    finally:
        os.close(accounts)


def _make() -> pwd.struct_passwd:
    program = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
    said = "there is no useradd"
    if program is not None:
        words = ("--system", "--user-group", "--no-create-home", "--shell", "/usr/sbin/nologin", _NAME)
        done = subprocess.run([program, *words], capture_output=True, text=True, timeout=60, check=False)
        said = done.stderr.strip().partition("\n")[0] or f"useradd ended with {done.returncode}"
    # Another program may have made it meanwhile.
    found = _find()
    if found is None:
        raise Unavailable(
            f"PostgreSQL does not run as root, and its account {_NAME} cannot be made ({said}): "
            f"run hotelctl as another user, make the account, or set DATABASE_URL"
        )
    return found


def open_way(places: Iterable[Path], owner: Account) -> None:
    """The account can reach each place and, of programs, read them.

    Raises:
        Unavailable: a directory above belongs to somebody who keeps it closed.

    """
    if not owner.switched:
        return
    for place in places:
        for directory in reversed(place.parents):
            _allow(directory, owner, stat.S_IXOTH)
        if place.name == "bin":
            _open_programs(place.parent, owner)


def _open_programs(root: Path, owner: Account) -> None:
    """A whole installation is readable; looked at closely only when its first program is not."""
    if _may(root / "bin" / "postgres", owner, stat.S_IROTH | stat.S_IXOTH):
        return
    for path in (root, *root.rglob("*")):
        if not path.is_symlink():
            executable = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
            _allow(path, owner, stat.S_IROTH | (stat.S_IXOTH if executable else 0))


def _allow(path: Path, owner: Account, wanted: int) -> None:
    if _may(path, owner, wanted):
        return
    try:
        path.chmod(stat.S_IMODE(path.stat().st_mode) | wanted)
    except OSError as error:
        raise Unavailable(f"PostgreSQL's account {_NAME} cannot pass {path}: {error.strerror}") from error


def _may(path: Path, owner: Account, wanted: int) -> bool:
    """By the rule of the kernel: the owner's bits for the owner, else the group's, else the others'."""
    state = path.stat()
    shift = 6 if state.st_uid == owner.uid else 3 if state.st_gid == owner.gid else 0
    return (state.st_mode >> shift) & wanted == wanted
