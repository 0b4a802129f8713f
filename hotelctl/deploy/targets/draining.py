"""The end of an instance: told to drain, watched until the edge has nothing open there, stopped, judged."""

import time
from collections.abc import Sequence
from pathlib import Path

from hotelctl.deploy.target import Drained
from hotelctl.deploy.targets import logfile, supervision
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Desired, Unit
from hotelctl.deploy.targets.verdict import NEVER_RAN, verdict


def tell(places: Places, unit: Unit) -> None:
    """The instance has had its drain signal, or has ended."""
    wish = supervision.ask(places, unit, Desired.DRAINING)
    supervision.reached(
        places, lambda: supervision.answer(places, wish) is not None, supervision.STOP_MARGIN_S
    )


def wait_empty(places: Places, edge: Edge, units: Sequence[Unit]) -> float:
    """Seconds until the edge had no request open at any of them, or until the longest limit."""
    begun = time.monotonic()
    open_at = [unit for unit in units if supervision.runs(places, unit)]
    limit_s = max((unit.stop_timeout_s for unit in open_at), default=0.0)
    supervision.wait_until(lambda: not any(edge.inflight(unit.address) for unit in open_at), limit_s)
    return time.monotonic() - begun


def end(places: Places, edge: Edge, unit: Unit) -> Drained:
    """The instance is gone; how it went. The same again when it was gone before."""
    tell(places, unit)
    waited_s = wait_empty(places, edge, (unit,))
    left = edge.inflight(unit.address)
    # One that had read the pointer before it moved may come after a moment with none.
    while left and waited_s < unit.stop_timeout_s:
        waited_s += wait_empty(places, edge, (unit,))
        left = edge.inflight(unit.address)
    begun = time.monotonic()
    supervision.stop(places, unit)
    return _verdict(places, unit, waited_s + time.monotonic() - begun, left)


def _verdict(places: Places, unit: Unit, waited_s: float, left: int) -> Drained:
    seen = supervision.observed(places, unit.name)
    if seen is None:
        return Drained(clean=True, waited_s=waited_s, detail=NEVER_RAN)
    log = Path(unit.log)
    return verdict(
        unit, seen.exit_code, lambda line: logfile.holds(log, line, seen.log_offset), waited_s, left
    )
