"""Keeping a lease: renewed in the background, and known to be lost before anything is changed by mistake."""

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

from hotelctl.adapters.lease import TERM_S, Lease
from hotelctl.core.errors import Interrupted, Locked, Unavailable
from hotelctl.core.holder import Holder

RENEW_S = 5.0
_AGAIN_S = 1.0
# Nobody else takes it before the term is over by the server's clock, which began later than ours here.
_MARGIN_S = 1.0


def boot_time() -> float:
    """Seconds that also grow while the machine sleeps: a laptop that wakes up must know that it slept."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(slots=True)
class Term:
    """The lease, had by `holder` since `since`; `tell` is given a warning once."""

    lease: Lease
    holder: Holder
    place: str
    since: float
    now: Callable[[], datetime]
    tell: Callable[[str], None]
    back: bool = False
    _lost: Locked | None = None
    _told: bool = False
    _guard: threading.Lock = field(default_factory=threading.Lock)
    _wake: threading.Event = field(default_factory=threading.Event)
    _over: threading.Event = field(default_factory=threading.Event)
    _thread: threading.Thread | None = None

    def begin(self) -> None:
        """It is renewed until `end`."""
        self._thread = threading.Thread(target=self._keep, name="lease", daemon=True)
        self._thread.start()

    def at(self, holder: Holder) -> None:
        """Who waits reads this soon; nobody here waits for that."""
        self.holder = holder
        self._wake.set()

    def require(self) -> None:
        """Return while it is had. Raises `Locked` after a take-over, `Interrupted` where nobody can tell."""
        if self._lost is not None:
            raise self._lost
        if boot_time() < self.since + TERM_S - _MARGIN_S:
            return
        # Each question may take seconds where packets are swallowed; the thread goes on asking.
        if self.back and self._told:
            return
        try:
            self._renew()
        except Unavailable as trouble:
            why = f"the lease in {self.lease.address} ran out and cannot be renewed: {trouble.reason}"
            if not self.back:
                hint = "hotelctl resume goes on once it answers; hotelctl abort does not wait for it"
                raise Interrupted(f"{why}; nothing more is done", hint) from trouble
            if not self._told:
                self._told = True
                self.tell(f"warning: {why}; it goes back all the same")

    def end(self) -> None:
        """It is given back, unless somebody has it already."""
        self._over.set()
        self._wake.set()
        if self._thread is not None:
            self._thread.join()
        with suppress(Unavailable):
            self.lease.give_back(self.holder.fence, self.place)

    def _keep(self) -> None:
        pause = RENEW_S
        while not self._over.is_set():
            if self._wake.wait(pause):
                self._wake.clear()
            if self._over.is_set():
                return
            try:
                self._renew()
                pause = RENEW_S
            except Unavailable:
                pause = _AGAIN_S
            except Locked:
                return

    def _renew(self) -> None:
        with self._guard:
            began = boot_time()
            if self._lost is None and not self.lease.renew(self.holder, self.place):
                self._lost = self._taken_over()
            if self._lost is not None:
                raise self._lost
            self.since = began

    def _taken_over(self) -> Locked:
        by = "somebody else"
        with suppress(Unavailable):
            tenant = self.lease.tenant()
            if tenant is not None and tenant.holder is not None:
                by = tenant.holder.describe(self.now(), alive=tenant.held)
        return Locked(
            f"the environment was taken over by {by}; nothing more is done here",
            "hotelctl lock status shows it; then hotelctl history, and hotelctl resume or hotelctl abort",
        )
