"""A release that is killed as soon as all traffic goes to it, to see whether traffic comes back by itself."""

import os
import signal
import threading
import time
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from hotelctl.deploy.targets import supervision
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import all_units

_LOOK_S = 0.005


@dataclass(frozen=True, slots=True)
class Crashed:
    """Process `pid` of `release` was killed; traffic was back after `back_s` seconds, None if it was not."""

    release: str
    pid: int
    back_s: float | None


class CrashAfterSwitch:
    """Inside the block, whatever the pointer of `places` comes to name is killed once.

    `crashed` says after the block what was killed, None when the pointer never moved.
    """

    crashed: Crashed | None = None

    def __init__(self, places: Places) -> None:
        """Nothing is looked at yet."""
        self._places = places
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="crash", daemon=True)

    def __enter__(self) -> Self:
        self._before = self._pointer()
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while self._pointer() in {"", self._before}:
            if self._over.wait(_LOOK_S):
                return
        moved_to = self._pointer()
        unit = next((one for one in all_units(self._places) if one.address == moved_to), None)
        seen = supervision.observed(self._places, unit.name) if unit else None
        if unit is None or seen is None or not seen.alive:
            return
        with suppress(ProcessLookupError):
            os.kill(seen.pid, signal.SIGKILL)
        self.crashed = Crashed(unit.name, seen.pid, self._back(time.monotonic()))

    def _back(self, killed: float) -> float | None:
        """Seconds until the pointer named again what it named before."""
        while self._pointer() != self._before:
            if self._over.wait(_LOOK_S):
                return None
        return time.monotonic() - killed

    def _pointer(self) -> str:
        with suppress(OSError):
            return self._places.active.read_text(encoding="ascii").strip()
        return ""
