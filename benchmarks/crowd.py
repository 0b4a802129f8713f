"""`python -m benchmarks.crowd URL --until-file FILE --out FILE`: people of all kinds, who never try twice.

500 requests a second over kept connections, every fourth a POST; 50 more, each on a connection of its own;
2 that take a second; and 8 who read a stream, and open the next when it has ended as it should. Each request
is due at a fixed time, whatever became of those before, and counted once.
"""

import argparse
import asyncio
import itertools
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any

from hotelctl.adapters.load.recorded import RecordedRun
from hotelctl.adapters.load.run import Load
from hotelctl.adapters.load.wire import Connection, FailedRequestError

_ROOT = Path(__file__).parents[1]
_GOOD = (HTTPStatus.OK, HTTPStatus.CREATED)
_NOTE = b'{"text": "one of many"}'
_STREAM_LIMIT_S = 60.0
LAST_EVENT = b"event: reconnect"
"""What a stream says before it ends; one without it was cut off."""


@dataclass(frozen=True, slots=True)
class Crowd:
    """So many a second; `streams` are read at a time."""

    rate: float = 500
    new_per_s: float = 50
    slow_per_s: float = 2
    streams: int = 8
    connections: int = 32
    timeout_s: float = 30


@dataclass
class Told:
    """What came of it. `ends` are of the ordinary requests: when due, in Unix time, and seconds taken.

    `failures` has the first ones of each kind of people; `cpu_s` is what the crowd itself took.
    """

    sent: dict[str, int] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    failures: dict[str, Any] = field(default_factory=dict)
    ends: list[tuple[float, float | None]] = field(default_factory=list)
    cpu_s: float = 0.0
    duration_s: float = 0.0

    def latencies(self, since: float, until: float) -> list[float]:
        """Of those answered that were due between the two."""
        return sorted(took for due, took in self.ends if took is not None and since <= due < until)


class _Mixed(RecordedRun):
    """Every fourth request writes."""

    def __init__(self, load: Load) -> None:
        super().__init__(load, _GOOD)
        self._turns = itertools.count(1)

    def _request(self, connection: str) -> bytes:
        if next(self._turns) % 4:
            return super()._request(connection)
        head = f"POST /notes HTTP/1.1\r\nHost: {self._host}:{self._port}\r\nConnection: {connection}\r\n"
        return f"{head}Content-Length: {len(_NOTE)}\r\n\r\n".encode() + _NOTE


class _Streams(RecordedRun):
    """Streams, one after the other on each of the load's connections."""

    def __init__(self, load: Load, done: Callable[[], bool]) -> None:
        super().__init__(load, (HTTPStatus.OK,))
        self._done = done

    async def all(self) -> None:
        """Until `done`; those that are open then are read to their end."""
        await asyncio.gather(*(self._one_after_the_other() for _ in range(self.load.connections)))

    async def _one_after_the_other(self) -> None:
        while not self._done():
            self.result.sent += 1
            await self._read(time.monotonic())

    async def _read(self, due: float) -> None:
        connection: Connection | None = None
        try:
            async with asyncio.timeout(_STREAM_LIMIT_S):
                connection = await Connection.open(self._host, self._port)
                answer = await connection.ask(self._request("close"))
            if answer.status == HTTPStatus.OK and LAST_EVENT not in answer.body:
                self._failed("cut", "the stream ended without its last event", due)
            else:
                self._answered(answer, due)
        except (FailedRequestError, TimeoutError) as error:
            self._failed(getattr(error, "kind", "timeout"), str(error), due)
            await asyncio.sleep(0.1)
        finally:
            if connection is not None:
                connection.close()


async def _gathered(url: str, crowd: Crowd, done: Callable[[], bool]) -> Told:
    kept = Load(f"{url}/version", crowd.rate, crowd.connections, crowd.new_per_s, crowd.timeout_s)
    slow = Load(f"{url}/slow", 0, 0, crowd.slow_per_s, crowd.timeout_s)
    runs: dict[str, RecordedRun] = {"ordinary": _Mixed(kept), "slow": RecordedRun(slow, _GOOD)}
    streams = _Streams(Load(f"{url}/stream", connections=crowd.streams), done)
    began, unix = time.monotonic(), time.time()
    await asyncio.gather(*(one.drive(done) for one in runs.values()), streams.all())
    used, runs = resource.getrusage(resource.RUSAGE_SELF), {**runs, "streams": streams}
    return Told(
        {name: one.result.sent for name, one in runs.items()},
        {name: one.result.failed for name, one in runs.items()},
        {name: one.result.first_failures[:3] for name, one in runs.items()},
        [(round(unix + end.due_s, 3), end.latency_s) for end in runs["ordinary"].ends],
        used.ru_utime + used.ru_stime,
        time.monotonic() - began,
    )


@contextmanager
def gathered(url: str, crowd: Crowd) -> Iterator[Told]:
    """They ask as long as the block lasts, from a process of their own; then it is told."""
    told = Told()
    with tempfile.TemporaryDirectory(prefix="crowd-") as place:
        stop, out = Path(place, "stop"), Path(place, "out")
        argv = [sys.executable, "-m", "benchmarks.crowd", url, "--until-file", str(stop), "--out", str(out)]
        words = json.dumps(asdict(crowd))
        with subprocess.Popen([*argv, "--crowd", words], cwd=_ROOT) as process:
            try:
                yield told
            finally:
                stop.touch()
                process.wait(_STREAM_LIMIT_S + crowd.timeout_s)
        told.__dict__.update(json.loads(out.read_text()))


def main() -> None:
    """As the command line says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url")
    parser.add_argument("--until-file", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--crowd", default="{}", help="a Crowd as JSON")
    asked = parser.parse_args()
    crowd = Crowd(**json.loads(asked.crowd))
    told = asyncio.run(_gathered(asked.url, crowd, asked.until_file.exists))
    asked.out.write_text(json.dumps(asdict(told)))


if __name__ == "__main__":
    main()
