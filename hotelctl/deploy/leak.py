"""Whether a release is about to reach the limit of its memory, held against what the one before needed."""

from collections import deque
from dataclasses import dataclass, field
from itertools import pairwise

from hotelctl.core.units import size

EVERY_S = 0.5
"""How often to look."""
_NEAR = 0.9
_HALF = 0.5
_MORE = 1.2
_TREND_S, _AHEAD_S = 5.0, 60.0
# What gives so much of it back is no leak.
_FALLS = 0.02


@dataclass(slots=True)
class Leak:
    """`limit_bytes` is None where nobody said one, `former_bytes` where the former release does not run.

    What has not grown beyond a fifth more than the former release needs is no leak, however near the limit
    both are; but at the limit itself an instance ends.
    """

    limit_bytes: int | None
    former_bytes: int | None
    _seen: deque[tuple[float, int]] = field(default_factory=deque)

    def add(self, held_bytes: int | None, at_s: float) -> str:
        """Why the release is bad, held so much at `at_s`; empty while nothing says so."""
        limit = self.limit_bytes
        if limit is None or held_bytes is None:
            return ""
        self._seen.append((at_s, held_bytes))
        while self._seen[0][0] < at_s - _TREND_S:
            self._seen.popleft()
        if held_bytes >= limit:
            return f"it holds {size(held_bytes)}, the limit is {size(limit)}"
        if held_bytes <= (self.former_bytes or 0) * _MORE:
            return ""
        beside = "" if self.former_bytes is None else f", the former release {size(self.former_bytes)}"
        if held_bytes >= limit * _NEAR:
            return f"it holds {size(held_bytes)} of {size(limit)}{beside}"
        if held_bytes >= limit * _HALF and (left := self._reached_in(limit)) is not None:
            return f"it holds {size(held_bytes)} of {size(limit)}, and all in {left:.0f} s{beside}"
        return ""

    def _reached_in(self, limit: int) -> float | None:
        """Seconds until the limit at the pace of the last ones; None where it is slow, or not steady."""
        (first_s, first), (last_s, last) = self._seen[0], self._seen[-1]
        if last_s - first_s < _TREND_S - 2 * EVERY_S:
            return None
        held = [one for _, one in self._seen]
        if any(later < earlier - limit * _FALLS for earlier, later in pairwise(held)):
            return None
        middle = held[len(held) // 2]
        if not first < middle < last:
            return None
        # A start that fills its caches slows down; a leak does not.
        if last - middle < (middle - first) * _HALF:
            return None
        left = (limit - last) / (last - first) * (last_s - first_s)
        return left if left <= _AHEAD_S else None
