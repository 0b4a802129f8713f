"""How long the former release takes to answer, asked beside the new one: how busy the machine is."""

from collections.abc import Callable
from dataclasses import dataclass
from statistics import fmean

from hotelctl.core.ports import Clock

_TIMES, _IN_ALL_S = 10, 1.0
ANSWER_S = 0.5
"""One ask waits no longer: whoever watches looks at nothing else meanwhile."""


@dataclass(slots=True)
class Yardstick:
    """`ask` tells how long one answer took, None where there was none: it is not asked again after that."""

    ask: Callable[[], float | None]
    clock: Clock
    _silent: bool = False

    def took(self) -> float | None:
        """Seconds until one answer; None where it is not known."""
        found = None if self._silent else self.ask()
        self._silent = found is None
        return found

    def usual(self) -> float | None:
        """The mean of ten answers, or of as many as there are in a second; None unless all were given."""
        began, found = self.clock.monotonic(), list[float]()
        while len(found) < _TIMES and self.clock.monotonic() - began < _IN_ALL_S:
            took = self.took()
            if took is None:
                return None
            found.append(took)
        return fmean(found)
