"""A program behind `guard.py`: its whole tree ends when it is told to, and when hotelctl dies."""

import os
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

_GUARD = Path(__file__).with_name("guard.py")
_MARGIN_S = 3.0
GRACE_S = 2.0
Stream = int | None


@dataclass(frozen=True, slots=True)
class Plumbing:
    """Where the program's streams go: descriptors, or `subprocess.PIPE`, or None for nothing."""

    stdin: Stream = None
    stdout: Stream = None
    stderr: Stream = None


class Guarded:
    """One started program. `status` is readable when something is to be told by `ended`."""

    def __init__(
        self,
        argv: Sequence[str],
        env: Mapping[str, str],
        cwd: Path | None,
        streams: Plumbing,
        *,
        beside: bool = False,
    ) -> None:
        """Start it in a session of its own; `beside` what serves, it leaves processor and disk to that."""
        control_read, self._control = os.pipe()
        self.status, status_write = os.pipe()
        words = (str(control_read), str(status_write), str(GRACE_S), "beside" if beside else "--", *argv)
        try:
            with _uninterrupted():
                self.process = subprocess.Popen(
                    [sys.executable, "-I", "-S", str(_GUARD), *words],
                    stdin=_or_nothing(streams.stdin),
                    stdout=_or_nothing(streams.stdout),
                    stderr=_or_nothing(streams.stderr),
                    cwd=cwd,
                    env=dict(env),
                    pass_fds=(control_read, status_write),
                    start_new_session=True,
                )
        except BaseException:
            os.close(self._control)
            os.close(self.status)
            raise
        finally:
            os.close(control_read)
            os.close(status_write)
        self._told = b""
        self._last_said = False
        self._open = True

    def listen(self) -> bool:
        """Take in what the guard says now; True when it has said its last."""
        part = os.read(self.status, 4096)
        self._told += part
        self._last_said = not part or b"exit " in self._told or b"absent " in self._told
        return self._last_said

    def over(self, limit_s: float) -> bool:
        """Whether the program has ended, waiting for it at most that long."""
        end = time.monotonic() + limit_s
        while not self._last_said:
            ready, _, _ = select.select([self.status], [], [], max(0.0, end - time.monotonic()))
            if not ready:
                return False
            self.listen()
        return True

    @property
    def exit_code(self) -> int | None:
        """The program's own end, negative for a signal; None when it is not known."""
        return self._number("exit")

    @property
    def refused(self) -> int | None:
        """The errno with which the kernel refused to start the program."""
        return self._number("absent")

    def ask(self) -> None:
        """The tree is asked to end, and killed after `GRACE_S`."""
        with suppress(BrokenPipeError):
            os.write(self._control, b"t")

    def end(self) -> None:
        """Nothing of the tree is left; later calls do nothing."""
        if not self._open:
            return
        self._open = False
        os.close(self._control)
        try:
            self.process.wait(_MARGIN_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        finally:
            self._kill_rest()
            os.close(self.status)

    def _kill_rest(self) -> None:
        """A guard that was killed leaves its word undone: then the program's group is killed here."""
        with suppress(OSError):
            os.set_blocking(self.status, False)
            self.listen()
        leader = self._number("pid")
        if self.exit_code is None and self.refused is None and leader is not None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(leader, signal.SIGKILL)

    def _number(self, word: str) -> int | None:
        lines = self._told.decode("ascii", "replace").splitlines()
        return next((int(line.split()[1]) for line in lines if line.startswith(f"{word} ")), None)


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """Ctrl-C comes to hotelctl alone: who is started inside has it blocked until its session is its own."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _or_nothing(stream: Stream) -> int:
    return subprocess.DEVNULL if stream is None else stream
