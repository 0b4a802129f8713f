"""The PostgreSQL 18 of an environment, from the wheel, under the state directory.

The programs of the wheel are run here and not through its own `get_server`, which was read and tried:
it takes a lock in the shared temporary directory that another user's run makes unusable, believes a
number in `postmaster.pid` after a crash whoever has that number now, gives up on a recovery after 10 s,
opens every directory above for listing, and where the path is long puts a socket that everybody may
use into the temporary directory.

A server is recognised by its working directory, which PostgreSQL sets to its data directory: that holds
after a crash, a reboot and a reuse of process numbers.
"""

import fcntl
import os
import re
import shutil
import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote

from hotelctl.adapters.disk import make_directories, sync_directory
from hotelctl.adapters.postgres_account import Account, account, open_way
from hotelctl.adapters.postgres_pattern import Ahead, Pattern
from hotelctl.adapters.postgres_socket import clear_sockets, discard_sockets, socket_directory
from hotelctl.adapters.postgres_tools import wheel_directory
from hotelctl.core.errors import StepFailed, Unavailable, UsageError

SUPERUSER = "postgres"
_DATABASE = "postgres"
_READY_S = 120.0
_STOP_S = 30.0
_TROUBLE = re.compile(r"FATAL|PANIC|could not|unrecognized|invalid")
_TICK_S = 0.01
# Where postmaster.pid names the data directory, and the socket's.
_DIRECTORY_LINE = 1
_SOCKET_LINE = 4
# The locale that PostgreSQL carries itself: the same on every machine, whatever is installed there.
_INITDB = (
    "--auth=trust",
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
)
# From 17 on; before, the letters of other scripts have no case.
_BUILTIN = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
_NEWEST, _FIRST_BUILTIN = 18, 17
# No pg_ctl: it builds a shell command of the path. Here the path is an argument.
_LAUNCH = '"$0" "$@" >>"$POSTGRES_LOG" 2>&1 </dev/null & echo $!'
# It keeps its process number. Where sessions share time first, that of this one is written down as well.
_LAUNCH_BESIDE = """
[ ! -w /proc/self/autogroup ] || echo 10 >/proc/self/autogroup 2>/dev/null || :
nice -n 10 "$0" "$@" >>"$POSTGRES_LOG" 2>&1 </dev/null & echo $!
"""
# Nobody but this machine's user and root reaches the socket; there is no network port at all.
_SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements may hold what people wrote; an error is told without them.
    "log_min_error_statement": "panic",
}


class EmbeddedPostgres:
    """One server; it outlives the command that started it. `settings` are PostgreSQL's own.

    `major` is 16 or 18: the versions that the wheel brings. `superuser` is the role that it is made with.
    With a `pattern` the data directory is a copy of one that was made before. One that is `beside` what
    serves leaves the processor to that.
    """

    def __init__(
        self,
        pgdata: Path,
        settings: Mapping[str, str] | None = None,
        *,
        major: int = _NEWEST,
        superuser: str = SUPERUSER,
        pattern: Pattern | None = None,
        beside: bool = False,
    ) -> None:
        """Nothing is started or made before `ensure`."""
        self.pgdata = pgdata.absolute()
        self._major = major
        self._superuser = superuser
        self._pattern = pattern
        self._launch = _LAUNCH_BESIDE if beside else _LAUNCH
        self._settings = {**_SETTINGS, **(settings or {})}

    def ensure(self) -> str:
        """The superuser's URL of the running server; data and server are made where they are missing.

        Several commands may ask at once. A command killed in the middle leaves nothing that the next
        one could take for a whole data directory.

        Raises:
            Unavailable: the wheel is not installed, or the account for the server cannot be had.
            StepFailed: PostgreSQL does not start; the end of its log.

        """
        programs = _programs(self._major)
        make_directories(self.pgdata.parent)
        with self._alone() as lock:
            owner = account()
            open_way((self.pgdata, programs), owner)
            if not (self.pgdata / "PG_VERSION").exists():
                self._create(programs, owner, lock)
            if not self.running():
                self._require_own(owner)
                self._start(programs, owner)
        return self._url()

    @property
    def log(self) -> Path:
        """What the server writes about itself."""
        return self.pgdata / "log.txt"

    def running(self) -> bool:
        """Whether the server takes connections."""
        lines = self._pid_file()
        return _living(lines, self.pgdata) is not None and lines[-1].strip() == "ready"

    def url(self) -> str | None:
        """The superuser's URL while the server runs."""
        return self._url() if self.running() else None

    def address(self) -> str:
        """The superuser's URL that the server has, or would have if it ran."""
        return self._url()

    def stop(self, *, discarded: bool = False) -> int | None:
        """No process of the server is left, nor its sockets; its number, None when there was none.

        Connections are closed and a checkpoint is written, unless the data are `discarded` anyway.

        Raises:
            StepFailed: it does not end.

        """
        if not self.pgdata.exists():
            return None
        with self._alone():
            lines = self._pid_file()
            stopped = _living(lines, self.pgdata)
            for number in (signal.SIGQUIT,) if discarded else (signal.SIGINT, signal.SIGQUIT):
                pid = _living(self._pid_file(), self.pgdata)
                if pid is None:
                    break
                with suppress(ProcessLookupError):
                    os.kill(pid, number)
                _wait(lambda: not _inside(self.pgdata), _STOP_S)
            for pid in _inside(self.pgdata):
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
            if not _wait(lambda: not _inside(self.pgdata), _STOP_S):
                raise StepFailed(f"PostgreSQL (pid {stopped}) does not stop", f"its log is {self.log}")
            if len(lines) > _SOCKET_LINE:
                discard_sockets(Path(lines[_SOCKET_LINE].strip()), self.pgdata)
        return stopped

    def begin_ahead(self) -> Ahead | None:
        """A copy of the pattern is being made for the next server; None where there is nothing to be made."""
        if self._pattern is None:
            return None
        return self._pattern.begin_ahead(self._words(_programs(self._major)), account())

    @contextmanager
    def _alone(self) -> Iterator[int]:
        path = self.pgdata.with_name(f".{self.pgdata.name}.lock")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield descriptor
        finally:
            os.close(descriptor)

    def _create(self, programs: Path, owner: Account, lock: int) -> None:
        """A whole data directory, or none. initdb inherits the lock: one that outlives us is waited for."""
        if self.pgdata.is_dir() and any(self.pgdata.iterdir()):
            raise UsageError(f"{self.pgdata} is not empty and no PostgreSQL data directory", "move it away")
        part = self.pgdata.with_name(f"{self.pgdata.name}.part")
        shutil.rmtree(part, ignore_errors=True)
        owner.make_directory(part)
        words = self._words(programs)
        if self._pattern is None:
            self._initialise(words, part, owner, lock)
        elif not self._pattern.copied(words, part, owner, lock):
            self._initialise(words, part, owner, lock)
            self._pattern.keep(words, part, owner)
        part.rename(self.pgdata)
        sync_directory(self.pgdata.parent)

    def _words(self, programs: Path) -> list[str]:
        """By which initdb makes the data directory."""
        settings = [word for name, value in self._settings.items() for word in ("--set", f"{name}={value}")]
        # Who does not want later writes synced does not want the first ones synced.
        synced = ["--no-sync"] if self._settings.get("fsync") == "off" else []
        builtin = _BUILTIN if self._major >= _FIRST_BUILTIN else ()
        initdb = str(programs / "initdb")
        return [initdb, *_INITDB, f"--username={self._superuser}", *builtin, *synced, *settings]

    def _initialise(self, words: Sequence[str], part: Path, owner: Account, lock: int) -> None:
        argv = [*words, "--pgdata", str(part)]
        done = owner.run(argv, _READY_S, keep_open=(lock,))
        if done.returncode != 0:
            said = (done.stderr.strip() or done.stdout.strip()).splitlines()
            # What it says last is how it tidied up.
            worst = [line for line in said if _TROUBLE.search(line)] or said[-1:] or ["it says nothing"]
            what = worst[0].partition(":  ")[2] or worst[0]
            raise StepFailed(
                f"PostgreSQL cannot make its data directory: {what}",
                f"look at {self.pgdata.parent}: room on the disk and permissions",
            )

    def _require_own(self, owner: Account) -> None:
        """Return when these data are no copy of a running server's and their account may use them."""
        lines = self._pid_file()
        origin = Path(lines[_DIRECTORY_LINE].strip()) if len(lines) > _DIRECTORY_LINE else self.pgdata
        number = None if origin.resolve() == self.pgdata.resolve() else _living(lines, origin)
        if number is not None:
            raise StepFailed(
                f"{self.pgdata} was copied from {origin} while its PostgreSQL runs (pid {number}): "
                "such a copy is not whole",
                "remove the copied .hotelctl to begin anew, or stop the original and copy it again",
            )
        if self.pgdata.stat().st_uid != owner.uid:
            raise StepFailed(
                f"{self.pgdata} does not belong to the account that PostgreSQL runs under (uid {owner.uid})",
                f"chown -R {owner.uid}:{owner.gid} {self.pgdata}",
            )

    def _start(self, programs: Path, owner: Account) -> None:
        log = self.log
        before = log.stat().st_size if log.exists() else 0
        launched = ""
        if _living(self._pid_file(), self.pgdata) is None:
            place = socket_directory(self.pgdata, owner)
            self._clear_stale(place)
            sockets = f"unix_socket_directories={place}"
            argv = [str(programs / "postgres"), "-D", str(self.pgdata), "-c", sockets]
            done = owner.run(["/bin/sh", "-c", self._launch, *argv], _READY_S, {"POSTGRES_LOG": str(log)})
            launched = done.stdout.strip()
        started = time.monotonic()
        while not self.running():
            lives = _lives(launched) if launched else _inside(self.pgdata)
            if not lives or time.monotonic() - started > _READY_S:
                raise StepFailed(
                    f"PostgreSQL does not start: {_last_words(log, before)}", f"its whole log is {log}"
                )
            time.sleep(_TICK_S)

    def _clear_stale(self, sockets: Path) -> None:
        """Lock files whose number another process has now, or a zombie, would stop PostgreSQL from starting.

        They guard against a second server on the same data, so they go only when nothing at all runs there.
        """
        if _wait(lambda: not _inside(self.pgdata), _STOP_S):
            (self.pgdata / "postmaster.pid").unlink(missing_ok=True)
            clear_sockets(sockets)

    def _pid_file(self) -> list[str]:
        try:
            return (self.pgdata / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _url(self) -> str:
        lines = self._pid_file()
        place = lines[_SOCKET_LINE].strip() if len(lines) > _SOCKET_LINE else str(self.pgdata)
        return f"postgresql://{self._superuser}@/{_DATABASE}?host={quote(place)}"


def _programs(major: int) -> Path:
    programs = wheel_directory(major)
    if programs is None:
        raise Unavailable(
            "there is no PostgreSQL: set DATABASE_URL, or install hotelctl with its extra 'embedded'"
        )
    return programs


def _living(lines: list[str], pgdata: Path) -> int | None:
    """The server's process number, if that process works on these data."""
    number = lines[0].strip() if lines else ""
    if not number.isdigit():
        return None
    return int(number) if _works_in(Path("/proc", number), pgdata) else None


def _lives(number: str) -> bool:
    """Whether that process has not ended; a busy machine may not have made it the server yet."""
    try:
        state = Path("/proc", number, "stat").read_bytes().rpartition(b")")[2].split()[0]
    except OSError:
        return False
    return state not in {b"Z", b"X"}


def _inside(pgdata: Path) -> list[int]:
    """Every process that works on these data: the server and all its children."""
    return [int(p.name) for p in Path("/proc").iterdir() if p.name.isdigit() and _works_in(p, pgdata)]


def _works_in(process: Path, pgdata: Path) -> bool:
    try:
        return (process / "cwd").readlink() == pgdata.resolve() and b"postgres" in (
            process / "cmdline"
        ).read_bytes()
    except OSError:
        return False


def _wait(holds: Callable[[], bool], limit_s: float) -> bool:
    """Whether it held before the limit."""
    end = time.monotonic() + limit_s
    while not (held := holds()) and time.monotonic() < end:
        time.sleep(_TICK_S)
    return held


def _last_words(log: Path, before: int) -> str:
    """What the server said last of this start, without the time in front."""
    try:
        said = log.read_bytes()[before:].decode(errors="replace").splitlines()
    except OSError:
        return "it left no log"
    worst = [line.partition(":  ")[2] for line in said if _TROUBLE.search(line)]
    return "; ".join(worst[:2]) or (said[-1] if said else "it says nothing")
