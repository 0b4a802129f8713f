"""The life of one unit: started, restarted after a crash with growing pauses, stopped by its rules.

Standard library only: the supervisor imports this.
"""

import os
import signal
import time
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from hotelctl.deploy.targets import child, durable, identity, logfile
from hotelctl.deploy.targets.units import Desired, Observed, State, Unit, load_observed

PAUSE_MIN_S = 0.5
PAUSE_MAX_S = 30.0
GOOD_AFTER_S = 60.0
ORPHAN_STOP_S = 10.0  # for a process whose unit file was gone before it was seen


class Care:
    """`turn` moves the process one step towards what the unit asks for; `observed` is kept on the disk."""

    def __init__(self, name: str, directory: Path) -> None:
        """Finds the process again that an earlier supervisor started."""
        self._directory = directory
        self.observed = load_observed(directory, name) or Observed(name, State.WAITING, "")
        self.child: child.Child | None = None
        self._unit: Unit | None = None
        self._pause_s = PAUSE_MIN_S
        self._start_at = 0.0
        self._kill_at: float | None = None
        self._unwritten = False
        self._wish = self.observed.wish
        self._adopt()

    def _adopt(self) -> None:
        if self.observed.alive:
            with suppress(ProcessLookupError):
                self.child = child.Child(self.observed.pid, own=False)
                if self.observed.alive:
                    self._settle()
                    return
                os.close(self.child.pidfd)
                self.child = None
        if self.observed.pid:
            self._after_end(None, "ended while no supervisor ran")

    def _settle(self) -> None:
        """The forked process has become the program, or has ended, which the next turn sees."""
        if self.observed.state is State.STARTING:
            self._see(self.observed, state=State.RUNNING)

    def turn(self, unit: Unit | None) -> bool:
        """One step; `unit` None means that its file is gone. False when nothing is left to care for."""
        self._unit = unit or self._unit
        self._heed(unit.wish if unit else "")
        if self.child and self.child.ended():
            self._after_end(self.child.collect(), "")
        if self.child:
            self._guide(self.child, unit)
        elif unit is None:
            durable.remove(self._directory / f"{self.observed.name}.json")
            return False
        elif unit.desired is not Desired.RUNNING:
            self._rest()
        elif time.monotonic() >= self._start_at or unit.revision != self.observed.revision:
            self._start(unit)
        if self._unwritten or self.observed.wish != self._wish:
            self._see(self.observed)
        return True

    def _heed(self, wish: str) -> None:
        """Who asks anew does not wait for the pause of an earlier crash."""
        if wish != self._wish:
            self._wish, self._start_at, self._pause_s = wish, 0.0, PAUSE_MIN_S

    def _guide(self, running: child.Child, unit: Unit | None) -> None:
        """What a running process is told, by what is asked of it."""
        if self._kill_at is not None:
            if time.monotonic() >= self._kill_at:
                running.kill_group()
        elif unit is None or unit.desired is Desired.STOPPED:
            self._stop(running)
        elif unit.desired is Desired.DRAINING:
            if self.observed.state is not State.DRAINING:
                self._drain(running, unit)
        elif unit.revision != self.observed.revision or self.observed.state is not State.RUNNING:
            self._stop(running)

    def _start(self, unit: Unit) -> None:
        same = unit.revision == self.observed.revision and self.observed.state is State.WAITING
        beginning = Observed(
            unit.name,
            State.STARTING,
            unit.revision,
            boot=identity.boot_id(),
            started_at=time.time(),
            restarts=self.observed.restarts + 1 if same else 0,
            exit_code=self.observed.exit_code if same else None,
            log_offset=logfile.size(Path(unit.log)),
        )
        if not same:
            self._pause_s = PAUSE_MIN_S

        def record(pid: int, state: State = State.STARTING) -> None:
            self._see(beginning, state=state, pid=pid, start_ticks=identity.start_ticks(pid) or 0)

        try:
            self.child = child.start(unit, record)
        except OSError as error:
            self.observed = beginning
            self._after_end(127, f"cannot start: {error}")
        else:
            record(self.child.pid, State.RUNNING)

    def _drain(self, running: child.Child, unit: Unit) -> None:
        """Sent before it is written down: a successor may repeat the signal, never forget it."""
        if unit.drain_signal:
            running.send(signal.Signals[unit.drain_signal])
        self._see(self.observed, state=State.DRAINING)

    def _stop(self, running: child.Child) -> None:
        limit_s = self._unit.stop_timeout_s if self._unit else ORPHAN_STOP_S
        self._kill_at = time.monotonic() + limit_s
        running.send(signal.SIGTERM)
        self._see(self.observed, state=State.STOPPING)

    def _after_end(self, code: int | None, detail: str) -> None:
        """Remember how it ended and when it may start again."""
        wanted = self._kill_at is not None or self.observed.state in {State.STOPPING, State.DRAINING}
        if wanted:
            self._start_at = 0.0
        else:
            if time.time() - self.observed.started_at >= GOOD_AFTER_S:
                self._pause_s = PAUSE_MIN_S
            self._start_at = time.monotonic() + self._pause_s
            self._pause_s = min(self._pause_s * 2, PAUSE_MAX_S)
        self.child = self._kill_at = None
        state = State.STOPPED if wanted else State.WAITING
        self._see(self.observed, state=state, pid=0, exit_code=code, detail=detail)

    def _rest(self) -> None:
        self._start_at = 0.0
        if self.observed.state is not State.STOPPED:
            self._see(self.observed, state=State.STOPPED)

    def bound_log(self) -> None:
        """The log stays below its limit."""
        if self.child and self._unit and logfile.rotate(Path(self._unit.log)):
            self._see(self.observed, log_offset=0)

    def _see(self, base: Observed, **changes: Any) -> None:  # noqa: ANN401 - fields of Observed
        self.observed = replace(base, wish=self._wish, **changes)
        self._write()

    def _write(self) -> None:
        """A full disk must not end the service: the write is repeated at the next turn."""
        try:
            self.observed.store(self._directory)
        except OSError:
            self._unwritten = True
        else:
            self._unwritten = False
