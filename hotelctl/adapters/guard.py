"""Runs one program and lets nothing of it outlive hotelctl. A script of the standard library alone.

    python -I -S guard.py CONTROL STATUS GRACE_S PLACE PROGRAM ARGUMENT...

With PLACE `beside` the program and all that it starts leave processor and disk to others; else it is `--`.

The parent-death signal of the kernel reaches a direct child only, and comes when the parent's *thread*
ends. So the guard stands between: it holds the read end of a pipe whose other end only hotelctl has, and
an end of file there, however hotelctl died, ends the whole tree. As a "child subreaper" it inherits every
descendant whose parent ends, also those that left the session, and so it can find them all. The program
itself is bound to the guard by the parent-death signal, for the case that the guard is killed.

What is read on CONTROL: `t` ends the tree gently (SIGTERM, GRACE_S, SIGKILL); end of file kills it at once.
What is written on STATUS: a line `pid N`, then `exit CODE`, CODE negative for a signal, or `absent ERRNO`.
When the program ends by itself, what it left in its own session is killed; a daemon that took a session
of its own on purpose stays.
"""

import contextlib
import ctypes
import os
import select
import signal
import sys
import time

_PR_SET_PDEATHSIG = 1
_PR_SET_CHILD_SUBREAPER = 36
_TICK_S = 0.02
# How far behind: a tenth of the time of what serves where both want all of it.
_NICER = 10
_AUTOGROUP = "/proc/self/autogroup"
_WEIGHED_S = 2.0
# The kernel's number of `ioprio_set`, for which there is no function in the C library.
_IOPRIO_SET = {"x86_64": 251, "aarch64": 30}
_IOPRIO_WHO_PROCESS, _IOPRIO_IDLE = 1, 3 << 13


def main() -> None:
    """Run the program, report its end, leave nothing behind."""
    control, status, grace_s = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    # Whoever started this keeps Ctrl-C of a terminal away only until this session stands.
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
    os.set_inheritable(status, False)  # noqa: FBT003 - the parameter has no name
    _prctl(_PR_SET_CHILD_SUBREAPER, 1)
    wake, tell = os.pipe()
    os.set_blocking(tell, False)
    signal.set_wakeup_fd(tell, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    child = _start(sys.argv[5:], status, control, beside=sys.argv[4] == "beside")
    _say(status, f"pid {child}")
    code = _wait(child, control, wake, grace_s)
    _kill_session(child)
    _say(status, f"exit {code}")


def _say(status: int, line: str) -> None:
    with contextlib.suppress(BrokenPipeError):
        os.write(status, f"{line}\n".encode())


def _prctl(option: int, value: int) -> None:
    # Elsewhere than on Linux the guard knows its own session only.
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value, 0, 0, 0)


def _stand_back() -> None:
    """Processor and disk are left to others, as far as the system lets that be."""
    with contextlib.suppress(OSError):
        os.nice(_NICER)
    # Where the kernel shares time between sessions first, the number above counts inside this one only.
    with contextlib.suppress(OSError):
        _weigh_session(str(os.getpriority(os.PRIO_PROCESS, 0)))
    number = _IOPRIO_SET.get(os.uname().machine)
    if number is not None:
        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).syscall(number, _IOPRIO_WHO_PROCESS, 0, _IOPRIO_IDLE)


def _weigh_session(number: str) -> None:
    """Of all users but root the kernel takes one such number in a tenth of a second, and says "again"."""
    until = time.monotonic() + _WEIGHED_S
    while True:
        try:
            with open(_AUTOGROUP, "w") as group:  # noqa: PTH123 - as below
                group.write(number)
        except BlockingIOError:
            if time.monotonic() >= until:
                raise
            time.sleep(_TICK_S)
        else:
            return


def _start(argv: list[str], status: int, control: int, *, beside: bool) -> int:
    guard = os.getpid()
    child = os.fork()
    if child:
        quiet = os.open(os.devnull, os.O_RDWR)
        for standard in (0, 1, 2):
            os.dup2(quiet, standard)
        return child
    os.setsid()
    os.close(control)
    _prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != guard:
        os._exit(127)
    if beside:
        _stand_back()
    for number in (signal.SIGPIPE, signal.SIGXFSZ, signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
    try:
        os.execvp(argv[0], argv)  # noqa: S606 - running programs without a shell is what this is for
    except OSError as error:
        _say(status, f"absent {error.errno}")
    os._exit(127)


def _wait(child: int, control: int, wake: int, grace_s: float) -> int:
    """The program's exit code, negative for a signal; asked to, it is helped to end."""
    kill_at: float | None = None
    watched = [control, wake]
    while True:
        code = _reap(child)
        if code is not None:
            if kill_at is not None:
                _end_tree(child, kill_at)
            return code
        left = None if kill_at is None else max(0.0, kill_at - time.monotonic())
        ready, _, _ = select.select(watched, [], [], left)
        if wake in ready:
            os.read(wake, 4096)
        if control in ready:
            word = os.read(control, 1)
            watched = watched if word else [wake]
            kill_at = time.monotonic() + (grace_s if word else 0.0)
            _signal(_descendants(), signal.SIGTERM if word else signal.SIGKILL)
        if kill_at is not None and time.monotonic() >= kill_at:
            _signal(_descendants(), signal.SIGKILL)
            time.sleep(_TICK_S)


def _reap(child: int) -> int | None:
    """Collects every other descendant that has ended; the code of the program once it has ended, too.

    The program itself is left as it is: its number stays taken, so that nobody else's session can be taken
    for its own. A number that is free is given away again within a minute on a busy machine.
    """
    ended = os.WEXITED | os.WNOHANG | os.WNOWAIT
    with contextlib.suppress(ChildProcessError):
        while (found := os.waitid(os.P_ALL, 0, ended)) is not None and found.si_pid != child:
            os.waitpid(found.si_pid, os.WNOHANG)
    own = os.waitid(os.P_PID, child, ended)
    if own is None:
        return None
    return own.si_status if own.si_code == os.CLD_EXITED else -own.si_status


def _end_tree(child: int, kill_at: float) -> None:
    """Nobody is left: those who were asked have until `kill_at`."""
    while rest := _descendants():
        if time.monotonic() >= kill_at:
            _signal(rest, signal.SIGKILL)
        time.sleep(_TICK_S)
        _reap(child)


def _kill_session(leader: int) -> None:
    """What the ended program left running in its session is gone."""
    while left := {
        pid for pid, (_, session, state) in _processes().items() if session == leader and state not in "ZX"
    }:
        _signal(left, signal.SIGKILL)
        time.sleep(_TICK_S / 10)


def _descendants() -> set[int]:
    """All living processes below the guard."""
    table = _processes()
    found: set[int] = set()
    fresh = {os.getpid()}
    while fresh:
        fresh = {pid for pid, (parent, _, _) in table.items() if parent in fresh} - found
        found |= fresh
    return {pid for pid in found if table[pid][2] not in "ZX"}


def _processes() -> dict[int, tuple[int, int, str]]:
    """Parent, session and state of every process."""
    table: dict[int, tuple[int, int, str]] = {}
    for name in filter(str.isdigit, os.listdir("/proc")):  # noqa: PTH208 - pathlib would double the start-up time
        with contextlib.suppress(OSError), open(f"/proc/{name}/stat", "rb") as handle:  # noqa: PTH123 - same
            # The name in parentheses may hold spaces and parentheses of its own.
            state, parent, _, session = handle.read().rpartition(b")")[2].split()[:4]
            table[int(name)] = (int(parent), int(session), state.decode())
    return table


def _signal(pids: set[int], number: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


if __name__ == "__main__":
    main()
