"""`python -m benchmarks.service.generator`: an open model in a process of its own, planned on standard input.

Requests are due at fixed times, whatever became of those before; how long one took counts from when it was
due. What is not answered as wanted within the time has failed and is told as such, never left out.
"""

import asyncio
import itertools
import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from uuid import uuid4

import uvloop

from hotelctl.adapters.load.recorded import RecordedRun
from hotelctl.adapters.load.run import Load

_ROOT = Path(__file__).parents[2]
# Takes the place of an id that every message needs anew.
FRESH_ID = "00000000-0000-4000-8000-000000000000"


@dataclass(frozen=True, slots=True)
class Plan:
    """`requests` in turn, as they are written to the connection; `warm_s` of the time are not counted."""

    base_url: str
    requests: tuple[str, ...]
    good: tuple[int, ...]
    rate: float
    seconds: float
    warm_s: float
    connections: int = 32
    timeout_s: float = 10.0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a plan after its warm-up; a latency is None for what failed."""

    latencies_s: list[float | None]
    errors: dict[str, int]
    failures: list[dict[str, Any]]
    wanted_rate: float
    achieved_rate: float
    generator_cpu_s: float
    duration_s: float


class PlannedRun(RecordedRun):
    """A run whose requests differ."""

    def __init__(self, plan: Plan) -> None:
        load = Load(plan.base_url, plan.rate, plan.connections, timeout_s=plan.timeout_s)
        super().__init__(load, plan.good)
        self._requests: Iterator[str] = itertools.cycle(plan.requests)

    def _request(self, connection: str) -> bytes:
        del connection
        words = next(self._requests)
        return words.replace(FRESH_ID, str(uuid4())).encode()


def outcome(plan: Plan) -> Outcome:
    """What comes of the plan, driven in this process."""
    run = PlannedRun(plan)
    whole_s = plan.warm_s + plan.seconds
    until = time.monotonic() + whole_s
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run.drive(lambda: time.monotonic() > until))
    counted = [end.latency_s for end in run.ends if end.due_s >= plan.warm_s]
    in_time = sum(plan.warm_s <= end.at_s < whole_s and end.latency_s is not None for end in run.ends)
    used = resource.getrusage(resource.RUSAGE_SELF)
    return Outcome(
        latencies_s=counted,
        errors=dict(run.result.errors),
        failures=run.result.first_failures[:3],
        wanted_rate=plan.rate,
        achieved_rate=in_time / plan.seconds,
        generator_cpu_s=used.ru_utime + used.ru_stime,
        duration_s=run.result.duration_s,
    )


def drive(plan: Plan) -> Outcome:
    """What comes of the plan, driven from a process of its own."""
    argv = (sys.executable, "-m", "benchmarks.service.generator")
    words = json.dumps(asdict(plan))
    done = subprocess.run(argv, input=words, cwd=_ROOT, check=True, stdout=subprocess.PIPE, text=True)
    return Outcome(**json.loads(done.stdout))


def read_plan(words: str) -> Plan:
    """The plan that was written as JSON."""
    given: dict[str, Any] = json.loads(words)
    given |= {name: tuple(given[name]) for name in ("requests", "good")}
    return Plan(**given)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asdict(outcome(read_plan(sys.stdin.read())))))
