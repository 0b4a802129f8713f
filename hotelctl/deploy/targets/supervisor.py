"""Keeps the units of one environment running after the command that started them has ended.

`python -P -S -m hotelctl.deploy.targets.supervisor <state>/supervisor`. Standard library only, so that it
starts fast and stays small. It looks at `units/` ten times a second and at once on SIGHUP, SIGTERM stops
everything; so does the removal of its directory. Killed with SIGKILL it leaves the units running, and the
next one adopts them.
"""

import os
import select
import signal
import sys
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType

from hotelctl.deploy.targets import durable, identity, lock, logfile
from hotelctl.deploy.targets.care import Care
from hotelctl.deploy.targets.units import Desired, Unit

POLL_S = 0.1
LOG_CHECK_S = 5.0
_Signature = tuple[int, int, int]


class Desires:
    """The unit files, read again only when they changed."""

    def __init__(self, directory: Path) -> None:
        """Nothing is read yet."""
        self._directory = directory
        self._known: dict[str, tuple[_Signature, Unit]] = {}

    def read(self) -> dict[str, Unit]:
        """Every unit by its name; a file that is no unit is left as it was known before."""
        try:
            entries = [entry for entry in os.scandir(self._directory) if self._is_unit(entry.name)]
        except FileNotFoundError:
            entries = []
        found = {entry.name.removesuffix(".json"): Path(entry.path) for entry in entries}
        self._known = {name: self._known[name] for name in found if name in self._known}
        for name, path in found.items():
            with suppress(FileNotFoundError):
                self._refresh(name, path)
        return {name: unit for name, (_, unit) in self._known.items()}

    @staticmethod
    def _is_unit(name: str) -> bool:
        return name.endswith(".json") and not name.startswith(".")

    def _refresh(self, name: str, path: Path) -> None:
        stat = path.stat()
        signature = (stat.st_ino, stat.st_mtime_ns, stat.st_size)
        if name in self._known and self._known[name][0] == signature:
            return
        data = durable.read_json(path)
        try:
            unit = Unit.from_json(data or {})
        except (KeyError, TypeError, ValueError) as error:
            say(f"{name}: unreadable unit file: {error!r}")
        else:
            self._known[name] = (signature, unit)


class Supervisor:
    """One loop over all units."""

    def __init__(self, root: Path, held: int) -> None:
        """`held` is the descriptor of the lock."""
        self._root = root
        self._held = held
        self._desires = Desires(root / "units")
        self._cares: dict[str, Care] = {}
        self._ending = False
        self._wake_read, self._wake_write = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self._logs_at = 0.0

    def run(self) -> None:
        """Until SIGTERM or until the directory is gone; then nothing is left running."""
        for path in (self._root / "observed").glob("[!.]*.json"):
            self._cares[path.stem] = Care(path.stem, path.parent)
        while not (self._ending and not any(care.child for care in self._cares.values())):
            self._turn()
            self._wait()
        say("ended")

    def listen(self) -> None:
        """Signals are understood from now on; before, SIGHUP would end the process."""
        signal.set_wakeup_fd(self._wake_write, warn_on_full_buffer=False)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._end)
        signal.signal(signal.SIGHUP, lambda *_: None)

    def _end(self, _number: int, _frame: FrameType | None) -> None:
        self._ending = True

    def _turn(self) -> None:
        self._ending = self._ending or not self._owns_directory()
        units = self._desires.read()
        for name in units.keys() | self._cares.keys():
            self._turn_one(name, units.get(name))
        if time.monotonic() >= self._logs_at:
            self._logs_at = time.monotonic() + LOG_CHECK_S
            for care in self._cares.values():
                care.bound_log()
            logfile.rotate(self._root / "log")

    def _turn_one(self, name: str, unit: Unit | None) -> None:
        if name not in self._cares:
            self._cares[name] = Care(name, self._root / "observed")
        care = self._cares[name]
        before = care.observed
        if unit and (self._ending or not unit.belongs(self._root.parent)):
            # What a copied directory brought along would run the original's program on its port.
            unit = replace(unit, desired=Desired.STOPPED)
        if not care.turn(unit):
            del self._cares[name]
        after = care.observed
        if (before.state, before.pid) != (after.state, after.pid):
            say(f"{name}: {after.state} pid={after.pid} exit={after.exit_code} {after.detail}".rstrip())

    def _owns_directory(self) -> bool:
        try:
            return os.path.samestat(os.fstat(self._held), (self._root / "lock").stat())
        except FileNotFoundError:
            return False

    def _wait(self) -> None:
        watched = [self._wake_read, *(care.child.pidfd for care in self._cares.values() if care.child)]
        select.select(watched, [], [], POLL_S)
        with suppress(BlockingIOError):
            os.read(self._wake_read, 512)


def say(text: str) -> None:
    """One line in the supervisor's log."""
    sys.stdout.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {text}\n")
    sys.stdout.flush()


def main(root: Path) -> int:
    """0 when it was ended or another one runs already."""
    if os.fork():
        os._exit(0)
    held = lock.take(root / "lock")
    if held is None:
        say("another supervisor runs")
        return 0
    supervisor = Supervisor(root, held)
    supervisor.listen()
    pid = os.getpid()
    me = {"pid": pid, "start_ticks": identity.start_ticks(pid), "boot": identity.boot_id()}
    durable.write_json(root / "pid", me | {"home": str(root.resolve())})
    say(f"started pid={pid}")
    supervisor.run()
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
