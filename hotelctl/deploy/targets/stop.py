"""Stops everything of one environment; data stays. `python -m hotelctl.deploy.targets.stop --state DIR`."""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from hotelctl.core.errors import HotelctlError
from hotelctl.deploy.targets import draining, postmaster, supervision
from hotelctl.deploy.targets.edge import NAME as EDGE
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.layout import Layout
from hotelctl.deploy.targets.units import Desired, Unit, all_units


def stop_all(layout: Layout) -> Iterator[str]:
    """What was stopped, line by line: releases drained, edge, releases, supervisor, PostgreSQL.

    The edge ends before the releases, so a request is refused rather than cut off. The pointer stays: the
    next deploy brings back what served. Nothing is left running, also after the supervisor was killed.
    """
    units = all_units(layout)
    running = [unit for unit in units if _runs(layout, unit)]
    for unit in units:
        if unit not in running:
            supervision.ask(layout, unit, Desired.STOPPED)
    if running:
        supervision.ensure(layout)
        yield from _stop_units(layout, running)
    if supervision.end(layout):
        yield "supervisor ended"
    if pid := postmaster.stop(layout.postgres):
        yield f"PostgreSQL stopped (pid {pid})"


def _runs(layout: Layout, unit: Unit) -> bool:
    seen = supervision.observed(layout, unit.name)
    return seen is not None and seen.alive


def _stop_units(layout: Layout, running: list[Unit]) -> Iterator[str]:
    releases = [unit for unit in running if unit.name != EDGE]
    for unit in releases:
        draining.tell(layout, unit)
    for unit in running:
        if unit.name == EDGE:
            supervision.stop(layout, unit)
            yield f"edge on port {unit.port} stopped"
    for unit in releases:
        done = draining.end(layout, Edge(layout), unit)
        yield f"release {unit.name} stopped: {done.detail}"


def main(argv: list[str]) -> int:
    """0 when nothing runs any more, also when nothing ran."""
    parser = argparse.ArgumentParser(
        prog="stop", description="Stop everything of one environment; data stays."
    )
    parser.add_argument(
        "--state", type=Path, required=True, help="the state directory, .hotelctl/<environment>"
    )
    layout = Layout(parser.parse_args(argv).state.resolve())
    stopped = 0
    try:
        for line in stop_all(layout):
            stopped += 1
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    except HotelctlError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return int(error.exit_code)
    if not stopped:
        sys.stdout.write("nothing runs\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
