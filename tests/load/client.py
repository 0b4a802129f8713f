"""The load client as a program: it sends, never retries and counts.

python -m tests.load.client http://127.0.0.1:8080/health --rate 200 --connections 8 --seconds 10
"""

import argparse
import asyncio
import json
import math
import sys
import time
from collections.abc import Callable
from pathlib import Path

from hotelctl.adapters.load.run import Load, Result, Run


def run_load(load: Load, done: Callable[[], bool]) -> Result:
    """The result of `load` on `load.url` until `done` answers True."""

    async def whole() -> Result:
        return await Run(load).drive(done)

    return asyncio.run(whole())


def send(load: Load, requests: int) -> Result:
    """The result of a load that ends with its last of `requests` requests, however slow the machine is."""
    run = Run(load)
    return asyncio.run(run.drive(lambda: run.result.sent >= requests))


def _over_after(seconds: float) -> Callable[[], bool]:
    """True from so long on after it was asked first, which a request comes before."""
    end = math.inf

    def over() -> bool:
        nonlocal end
        end = min(end, time.monotonic() + seconds)
        return time.monotonic() > end

    return over


def _read_words(words: list[str]) -> tuple[Load, Callable[[], bool]]:
    """What the command line asks for, and when it is over."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.load.client", description="Sends, never retries, counts."
    )
    parser.add_argument("url")
    parser.add_argument("--rate", type=float, default=100, help="requests a second over the kept connections")
    parser.add_argument("--connections", type=int, default=8, help="how many connections are kept")
    parser.add_argument(
        "--new-per-s", type=float, default=0, help="further requests, each on a new connection"
    )
    parser.add_argument("--timeout-s", type=float, default=10, help="from the moment a request is due")
    end = parser.add_mutually_exclusive_group(required=True)
    end.add_argument("--seconds", type=float)
    end.add_argument("--until-file", type=Path, help="ends when this file exists")
    given = parser.parse_args(words)
    load = Load(given.url, given.rate, given.connections, given.new_per_s, given.timeout_s)
    if given.until_file is not None:
        return load, given.until_file.exists
    return load, _over_after(given.seconds)


def main(words: list[str]) -> int:
    """0 when nothing failed, 1 otherwise; the summary is printed as one JSON object."""
    load, done = _read_words(words)
    result = run_load(load, done)
    sys.stdout.write(json.dumps(result.summary()) + "\n")
    return 1 if result.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
