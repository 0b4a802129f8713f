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

from tests.load.client import Load, Run
from tests.load.wire import Answer

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


class PlannedRun(Run):
    """A run whose requests differ, and which knows when each was due."""

    def __init__(self, plan: Plan) -> None:
        super().__init__(Load(plan.base_url, plan.rate, plan.connections, timeout_s=plan.timeout_s))
        self._plan = plan
        self._requests: Iterator[str] = itertools.cycle(plan.requests)
        self.ends: list[tuple[float, float, float | None]] = []

    def _request(self, connection: str) -> bytes:
        del connection
        words = next(self._requests)
        return words.replace(FRESH_ID, str(uuid4())).encode()

    def _is_good(self, status: int) -> bool:
        return status in self._plan.good

    def _answered(self, answer: Answer, due: float) -> None:
        super()._answered(answer, due)
        if self._is_good(answer.status):
            self._end(due, time.monotonic() - due)

    def _failed(self, kind: str, detail: str, due: float) -> None:
        super()._failed(kind, detail, due)
        self._end(due, None)

    def _end(self, due: float, latency_s: float | None) -> None:
        self.ends.append((due - self._began, time.monotonic() - self._began, latency_s))


def outcome(plan: Plan) -> Outcome:
    """What comes of the plan, driven in this process."""
    run = PlannedRun(plan)
    whole_s = plan.warm_s + plan.seconds
    until = time.monotonic() + whole_s
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run.drive(lambda: time.monotonic() > until))
    counted = [latency for due, _, latency in run.ends if due >= plan.warm_s]
    in_time = sum(plan.warm_s <= end < whole_s and latency is not None for _, end, latency in run.ends)
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
