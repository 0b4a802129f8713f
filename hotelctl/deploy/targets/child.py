"""One supervised process: started so that a killed supervisor can find it again.

Standard library only: the supervisor imports this.
"""

import fcntl
import os
import select
import signal
import struct
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from hotelctl.deploy.targets import identity, logfile
from hotelctl.deploy.targets.units import Unit

_PIDFD_GET_INFO = 0xC040FF0B  # _IOWR(0xFF, 11, 64 bytes)
_INFO_EXIT = 1 << 3
_INFO = struct.Struct("=QQ11Ii")


class Child:
    """A running process, held by a pidfd: a signal never meets another process of the same number."""

    def __init__(self, pid: int, *, own: bool) -> None:
        """Raises `ProcessLookupError` when there is no such process."""
        self.pid = pid
        self.pidfd = os.pidfd_open(pid)
        self._own = own
        self._ticks = identity.start_ticks(pid)

    def send(self, number: signal.Signals) -> None:
        """Signal the process; fine when it has ended."""
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, number)

    def ended(self) -> bool:
        """Whether it has ended; it may still be a zombie."""
        return bool(select.select([self.pidfd], [], [], 0)[0])

    def collect(self) -> int | None:
        """The exit code of an ended process, negative for a signal, None when nobody knows.

        What it left running in its process group is killed first: it would hold the port.
        """
        if identity.start_ticks(self.pid) in {None, self._ticks}:
            self.kill_group()
        code = self._reap() if self._own else self._told_by_kernel()
        os.close(self.pidfd)
        return code

    def kill_group(self) -> None:
        """SIGKILL for the process and everything in its group."""
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)

    def _reap(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def _told_by_kernel(self) -> int | None:
        """How another's child ended: a zombie's status is public, a reaped one's is kept for a pidfd.

        The latter since Linux 6.15; None where neither holds.
        """
        status = identity.zombie_status(self.pid, self._ticks)
        if status is None:
            told = bytearray(_INFO.pack(_INFO_EXIT, *[0] * 13))
            try:
                fcntl.ioctl(self.pidfd, _PIDFD_GET_INFO, told)
            except OSError:
                return None
            mask, *_, status = _INFO.unpack(told)
            if not mask & _INFO_EXIT:
                return None
        return os.waitstatus_to_exitcode(status)


def start(unit: Unit, record: Callable[[int], None]) -> Child:
    """Start the unit in a session of its own.

    The new process calls `record` with its number before it becomes the unit's program. As it then still
    shares the supervisor's lock, a successor of a killed supervisor cannot look before the record is written.
    Raises `OSError` with the reason when the program cannot be executed.
    """
    told, tell = os.pipe2(os.O_CLOEXEC)
    pid = os.fork()
    if pid == 0:
        _become(unit, record, tell)
    os.close(tell)
    with os.fdopen(told, "rb") as pipe:
        reason = pipe.read().decode(errors="replace")
    if reason:
        os.waitpid(pid, 0)
        raise OSError(reason)
    return Child(pid, own=True)


def _become(unit: Unit, record: Callable[[int], None], tell: int) -> None:
    """Turn the forked process into the unit's program; never returns."""
    try:
        os.setsid()
        os.umask(0o022)
        os.chdir(unit.cwd)
        log = logfile.open_append(Path(unit.log))
        nothing = os.open(os.devnull, os.O_RDONLY)
        os.dup2(nothing, 0)
        os.dup2(log, 1)
        os.dup2(log, 2)
        record(os.getpid())
        for number in (signal.SIGPIPE, signal.SIGXFSZ):
            signal.signal(number, signal.SIG_DFL)
        os.execvpe(unit.argv[0], unit.argv, dict(unit.env))  # noqa: S606 - a fixed argument list, no shell
    except OSError as error:
        os.write(tell, f"{unit.argv[0]}: {error.strerror or error}".encode())
    finally:
        os._exit(127)
