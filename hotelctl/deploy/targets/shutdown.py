"""Ends every process of one environment, in the order that cuts off no request; data stays."""

from collections.abc import Iterator, Sequence

from hotelctl.deploy.targets import draining, supervision
from hotelctl.deploy.targets.edge import NAME as EDGE
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.units import Desired, Unit, all_units


def stop_processes(places: Places) -> Iterator[str]:
    """What was stopped, line by line: releases are told to drain, the edge ends, releases, supervisor.

    The pointer stays: the next deploy brings back what served. Nothing is left running, also when the
    supervisor was killed before.
    """
    units = all_units(places)
    running = [unit for unit in units if supervision.runs(places, unit)]
    for unit in units:
        if unit not in running:
            supervision.ask(places, unit, Desired.STOPPED)
    if running:
        supervision.ensure(places)
        yield from _stop_units(places, running)
    if supervision.end(places):
        yield "supervisor ended"


def _stop_units(places: Places, running: Sequence[Unit]) -> Iterator[str]:
    """The edge ends before the releases: a late request is refused, an early one is answered."""
    releases = [unit for unit in running if unit.name != EDGE]
    for unit in releases:
        draining.tell(places, unit)
    for unit in running:
        if unit.name == EDGE:
            supervision.stop(places, unit)
            yield f"edge on port {unit.port} stopped"
    for unit in releases:
        done = draining.end(places, Edge(places), unit)
        yield f"release {unit.name} stopped: {done.detail}"
