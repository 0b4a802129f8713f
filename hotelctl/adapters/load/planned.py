"""What comes of a load plan, driven in this process.

No request waits for another one's answer: each that is due takes a connection that is idle, or a new one.
"""

import asyncio
import math
import resource
import time
from collections import Counter
from collections.abc import Callable

from hotelctl.adapters.load.recorded import End, RecordedRun
from hotelctl.adapters.load.run import Load, Result
from hotelctl.adapters.load.wire import Connection
from hotelctl.facts.latency_histogram import Histogram
from hotelctl.facts.load_measurement import LoadOutcome, LoadPlan
from hotelctl.facts.quantile import ordered, quantile, rank

_TIMEOUT = "timeout"
# Due times are sums of floats: what is this close to a border lies on it.
_HAIR = 1e-6
# Standard streams, and what the event loop and Python itself hold open.
_OTHER_FILES = 64


class PlannedRun(RecordedRun):
    """One run of the plan on the server at `base_url`."""

    def __init__(self, base_url: str, plan: LoadPlan) -> None:
        load = Load(base_url + plan.path, rate=0, new_per_s=plan.rate, timeout_s=plan.timeout_s)
        super().__init__(load, (plan.status,))
        self._warm_up_s = plan.warm_up_s
        self._room = asyncio.Semaphore(plan.most_open)
        self._idle: list[Connection] = []
        self.late_s: list[float] = []
        self.waited = 0

    async def drive(self, done: Callable[[], bool]) -> Result:
        """The same, and no connection stays open."""
        result = await super().drive(done)
        for connection in self._idle:
            connection.close()
        return result

    async def _single_request(self, due: float) -> None:
        if _counted(due - self._began, self._warm_up_s):
            self.late_s.append(time.monotonic() - due)
            self.waited += self._room.locked()
        async with self._room:
            idle = self._idle.pop() if self._idle else None
            connection = await self._attempt(idle, due, "keep-alive")
            if connection is not None:
                self._idle.append(connection)


def outcome(base_url: str, plan: LoadPlan) -> LoadOutcome:
    """What came of the plan. Every request that was planned is sent, however late."""
    _allow_files(plan.most_open)
    run, before = PlannedRun(base_url, plan), _cpu_s()
    planned = math.ceil((plan.warm_up_s + plan.seconds) * plan.rate - _HAIR)
    asyncio.run(run.drive(lambda: run.result.sent >= planned))
    return _told(plan, planned, run, _cpu_s() - before)


def _told(plan: LoadPlan, planned: int, run: PlannedRun, cpu_s: float) -> LoadOutcome:
    counted = [end for end in run.ends if _counted(end.due_s, plan.warm_up_s)]
    kinds = Counter(end.kind for end in counted if end.kind)
    latencies = ordered(end.latency_s for end in counted)
    p50, p95, p99 = (quantile(latencies, share) for share in (0.5, 0.95, 0.99))
    late = sorted(run.late_s)
    return LoadOutcome(
        n=len(counted),
        planned=planned,
        warm_up_dropped=len(run.ends) - len(counted),
        answered_in_time=sum(_in_time(end, plan) for end in run.ends),
        timeouts=kinds.pop(_TIMEOUT, 0),
        errors=dict(kinds),
        waited=run.waited,
        p50=p50,
        p95=p95,
        p99=p99,
        max_s=max((end.latency_s for end in counted if end.latency_s is not None), default=None),
        late_p99_s=late[place - 1] if (place := rank(len(late), 0.99)) else 0.0,
        generator_cpu_s=cpu_s,
        duration_s=run.result.duration_s,
        histogram=Histogram.of(end.latency_s for end in counted),
    )


def _counted(due_s: float, warm_up_s: float) -> bool:
    return due_s > warm_up_s - _HAIR


def _in_time(end: End, plan: LoadPlan) -> bool:
    return end.answered and plan.warm_up_s <= end.at_s < plan.warm_up_s + plan.seconds


def _cpu_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _allow_files(most_open: int) -> None:
    """A connection is a file: as many as the plan may need can be open, where the kernel lets them."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most_open + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
