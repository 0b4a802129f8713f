"""The environment's lock on one host: `flock` on a file that is never removed.

The kernel frees it when the holder dies. Who holds it stands in a separate record that is written
by rename, so that those who wait never see half of it or erase it.
"""

import fcntl
import json
import os
import secrets
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from hotelctl.adapters.user import user_name
from hotelctl.core.deadline import Deadline
from hotelctl.core.errors import Locked, StepFailed, UsageError
from hotelctl.core.holder import Holder
from hotelctl.core.ports import Clock, Files
from hotelctl.facts.spoilt_file import SpoiltFile
from hotelctl.facts.state_file import fence_number, read_again

_TRIES = 5
_PAUSE_S = 0.02
_LOOK_S = 0.2
_WRITTEN_S = 3.0
# A process is as old as its record or older; a later one of the same number is another.
_LATER_S = 2.0
_NOBODY_KNOWS = "an unknown process"
_UNKNOWN = "write a number into it that is higher than each fence in hotelctl logs --format json"


class HostLock:
    """`directory` is the environment's state directory."""

    def __init__(self, directory: Path, files: Files, clock: Clock) -> None:
        """Nothing is touched before `acquire`."""
        self._directory = directory
        self._files = files
        self._clock = clock
        self._descriptor: int | None = None
        self._holder: Holder | None = None

    def acquire(
        self,
        operation: str,
        deploy: str,
        *,
        wait_s: float = 0.0,
        waiting: Callable[[str], None] = lambda _who: None,
    ) -> int:
        """Take it and return the next fence number; `waiting` is told whom up to `wait_s` are waited for.

        Raises:
            Locked: another process holds it, still; holder, step and age are named.
            UsageError: the last fence cannot be read, so nobody knows the next one.

        """
        self._files.make_directory(self._directory, 0o700)
        descriptor = os.open(self._directory / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            self._wait(descriptor, Deadline.after(wait_s, self._clock.monotonic), waiting)
        except BaseException:
            os.close(descriptor)
            raise
        self._descriptor = descriptor
        try:
            fence = self._next_fence()
        except UsageError:
            self.release()
            raise
        self._holder = self._me(operation, deploy, fence)
        self._write()
        return fence

    def _wait(self, descriptor: int, deadline: Deadline, waiting: Callable[[str], None]) -> None:
        """Return when it is taken. Raises `Locked` when the time is up."""
        told = ""
        while not self._taken(descriptor):
            holder = self._holding()
            if deadline.passed():
                raise self._refusal(holder)
            if told != (told := f"{holder.pid} {holder.step}" if holder else _NOBODY_KNOWS):
                waiting(self._who(holder))
            self._clock.sleep(_LOOK_S)

    def _holding(self) -> Holder | None:
        """Who holds it now; None where nobody knows.

        Whoever just took it has not written that down yet: the record is then of one that is gone.
        """
        deadline = Deadline.after(_WRITTEN_S, self._clock.monotonic)
        while (holder := self._read()) is None or not _lives(holder):
            if deadline.passed():
                return None
            self._clock.sleep(_PAUSE_S)
        return holder

    def _taken(self, descriptor: int) -> bool:
        """Tried more than once: who only looks whether it is held holds it for a moment."""
        for _ in range(_TRIES):
            with suppress(BlockingIOError):
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            self._clock.sleep(_PAUSE_S)
        return False

    def at(self, step: str, deploy: str) -> None:
        """Write the step into the holder's record, which those who wait read.

        A disk that refuses it is left to the journal to tell: the lock itself needs no room.
        """
        if self._holder is not None:
            self._holder = replace(self._holder, step=step, deploy=deploy)
            with suppress(StepFailed):
                self._write()

    def require(self) -> None:
        """Return while no higher number was given.

        The kernel gives it to nobody else while this process lives, stopped or not; but somebody may have
        removed its file.

        Raises:
            Locked: somebody took over.

        """
        if self._holder is None:
            return
        newest, own = 0, self._holder.fence
        with suppress(OSError, ValueError):  # what cannot be read is told by whoever takes the lock next
            newest = int((self._directory / "fence").read_text(encoding="ascii"))
        if newest > own:
            raise Locked(
                f"fence {newest} was given meanwhile and this operation has {own}: a newer one took over",
                "nothing more is done here; hotelctl status shows what became of it",
            )

    def turn_back(self) -> None:
        """Fine: it cannot be lost."""

    def adopt(self, fence: int) -> Holder:
        """What holds it goes by a higher fence than this machine alone would have given; its record.

        Raises:
            ValueError: it is not held.

        """
        if self._holder is None:
            raise ValueError("not held")
        if fence > self._holder.fence:
            self._files.write_durable(self._directory / "fence", str(fence).encode())
            self._holder = replace(self._holder, fence=fence)
            self._write()
        return self._holder

    def place(self) -> str:
        """A name for this very lock, told apart from one in a copied directory or in another container."""
        path = self._directory / "lock"
        if not path.stat().st_size:
            path.write_text(secrets.token_hex(16), encoding="ascii")
        return f"{path.read_text(encoding='ascii')} {_boot_id()} {path.stat().st_dev} {path.stat().st_ino}"

    def release(self) -> None:
        """Give it back; the record stays, as the one who held it last."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def holder(self) -> tuple[Holder | None, bool]:
        """The newest holder on record, and whether the lock is held now."""
        return self._read(), self._held()

    def _held(self) -> bool:
        if self._descriptor is not None:
            return True
        try:
            descriptor = os.open(self._directory / "lock", os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            return False
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False

    def _who(self, holder: Holder | None) -> str:
        return holder.describe(self._clock.now(), alive=True) if holder else _NOBODY_KNOWS

    def _refusal(self, holder: Holder | None) -> Locked:
        return Locked(
            f"the environment is locked: {self._who(holder)}",
            "--wait SECONDS waits for its end; hotelctl lock status shows it",
        )

    def _next_fence(self) -> int:
        path, newest = self._directory / "fence", self._newest_fence()
        # To begin at 0 again would let whoever held an old number pass for the newest.
        remedy = f"echo {newest} > {path}, the newest that was given" if newest else _UNKNOWN
        if path.exists():
            last = read_again(path, path.read_bytes(), fence_number, remedy)
        elif newest:
            raise UsageError(str(SpoiltFile(str(path), "it is gone")), remedy)
        else:
            last = 0
        fence = max(last, newest) + 1
        self._files.write_durable(path, str(fence).encode())
        return fence

    def _newest_fence(self) -> int:
        """The one on the holder's record, which is written before a number is used; 0 without a record."""
        holder = self._read()
        return holder.fence if holder is not None and isinstance(holder.fence, int) else 0

    def _me(self, operation: str, deploy: str, fence: int) -> Holder:
        import psutil  # noqa: PLC0415 - only where a lock is taken

        return Holder(
            user=user_name(),
            host=socket.gethostname(),
            pid=os.getpid(),
            pid_started=psutil.Process().create_time(),
            boot_id=_boot_id(),
            operation=operation,
            deploy=deploy,
            step="",
            fence=fence,
            since_utc=self._clock.now().isoformat(),
        )

    def _write(self) -> None:
        holder = self._holder
        if holder is not None:
            self._files.write_durable(self._directory / "holder.json", json.dumps(holder.to_json()).encode())

    def _read(self) -> Holder | None:
        try:
            raw = json.loads((self._directory / "holder.json").read_text(encoding="utf-8"))
            return Holder.from_json(raw)
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None


def _lives(holder: Holder) -> bool:
    """Whether the process on record may still run; on another machine, or boot, nobody can tell."""
    import psutil  # noqa: PLC0415 - only where a lock is taken

    if (holder.host, holder.boot_id) != (socket.gethostname(), _boot_id()):
        return True
    try:
        return bool(psutil.Process(holder.pid).create_time() <= holder.pid_started + _LATER_S)
    except psutil.Error:
        return False


def _boot_id() -> str:
    path = Path("/proc/sys/kernel/random/boot_id")
    return path.read_text(encoding="ascii").strip() if path.exists() else ""
