"""Stops everything of one environment; data stays.

`python -m hotelctl.cli._stop --state DIR` needs no service file.
"""

import argparse
import sys
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

from hotelctl.cli._database import stop_embedded
from hotelctl.cli._output import opened
from hotelctl.cli._target import engine_at
from hotelctl.core.errors import HotelctlError
from hotelctl.deploy.targets import deploy_lock
from hotelctl.deploy.targets.places import Places
from hotelctl.deploy.targets.stopping import stop_containers


def stop_all(places: Places) -> Iterator[str]:
    """What was stopped, line by line; the database last, since releases need it until their end."""
    yield from stop_containers(places, engine_at)
    if pid := stop_embedded(places):
        yield f"PostgreSQL stopped (pid {pid})"


def main(argv: list[str]) -> int:
    """As `stopped`, of the state directory that is named."""
    parser = argparse.ArgumentParser(
        prog="stop", description="Stop everything of one environment; data stays."
    )
    parser.add_argument(
        "--state", type=Path, required=True, help="the state directory, .hotelctl/<environment>"
    )
    try:
        return stopped(Places(parser.parse_args(argv).state.resolve()))
    except HotelctlError as error:
        sys.stderr.write(f"{error.message}\n{error.hint}\n")
        return int(error.exit_code)


def stopped(places: Places) -> int:
    """0 when nothing runs any more, also when nothing ran. Raises `Locked` amid an operation."""
    number = 0
    with deploy_lock.holding(places.state, "stop") if places.state.is_dir() else nullcontext():
        for line in stop_all(places):
            number += 1
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    if not number:
        sys.stdout.write("nothing runs\n")
    return 0


if __name__ == "__main__":
    # Whoever reads no further must not leave half of it running.
    sys.stdout, sys.stderr = opened(sys.stdout), opened(sys.stderr)
    sys.exit(main(sys.argv[1:]))
