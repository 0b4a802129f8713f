"""A real server that answers quickly, slowly, with errors, or not for a while: the figures must follow."""

import json
import os
import resource
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hotelctl.adapters.load import planned
from hotelctl.adapters.load.planned import outcome
from hotelctl.core.report import Status
from hotelctl.facts.latency_histogram import Histogram
from hotelctl.facts.load_measurement import LoadOutcome, LoadPlan, MeasuredLoad
from hotelctl.facts.speed_rows import rows
from tests.checks import made
from tests.checks.performance import trials
from tests.load import misbehaving as act
from tests.load.misbehaving import Misbehaving

pytestmark = pytest.mark.system

PLAN = LoadPlan(path="/x", status=200, rate=100, seconds=1, warm_up_s=0.2, timeout_s=10)
# In the last tenth, which may be on its way, a busy machine may stand still for half a second.
LONGER = PLAN.model_copy(update={"rate": 20, "seconds": 5})
LIMIT_S = 0.4


@contextmanager
def base_url(*acts: act.Act) -> Iterator[tuple[str, Misbehaving]]:
    """A server that plays these acts, and its address without a path."""
    with Misbehaving(*acts).serving() as server:
        yield server.url.removesuffix("/x?y=1"), server


def sent(*acts: act.Act, **changes: object) -> tuple[LoadOutcome, Misbehaving]:
    """What comes of the plan, changed, against a server that plays these acts."""
    with base_url(*acts) as (url, server):
        return outcome(url, PLAN.model_copy(update=changes)), server


def verdicts(
    found: LoadOutcome, plan: LoadPlan = PLAN, error_share: float = 0, limit_s: float = LIMIT_S
) -> dict[str, Status]:
    """The rows of the report, with a p95 of at most `limit_s`."""
    # How busy this machine is, server and generator in one process, is not the question here.
    rested = found.model_copy(update={"late_p99_s": 0.0, "generator_cpu_s": 0.0})
    one = MeasuredLoad(name="api", started_at=made.NOON, plan=plan, outcome=rested, evidence="ev-0001")
    speed = trials.speed(one, p95_s=limit_s, p99_s=None, max_error_share=error_share)
    return {row.metric: row.status for row in rows(speed, ("ev-0001",))}


def slowly(client: socket.socket) -> bool:
    """A good answer after more than the limit."""
    time.sleep(LIMIT_S + 0.1)
    return act.whole(client)


class Stall:
    """From its `nth` request on the whole service stands still for `stall_s`."""

    def __init__(self, nth: int, stall_s: float) -> None:
        self._left = nth
        self._stall_s = stall_s
        self._lock = threading.Lock()

    def __call__(self, client: socket.socket) -> bool:
        with self._lock:
            self._left -= 1
            if self._left == 0:
                time.sleep(self._stall_s)
        return act.whole(client)


def test_a_quick_service_is_found_quick() -> None:
    found, server = sent(act.whole, rate=20, seconds=5)
    assert (found.n, found.warm_up_dropped, found.planned) == (100, 4, 104)
    assert server.requests == 104
    assert (found.errors, found.timeouts, found.waited) == ({}, 0, 0)
    assert found.histogram.total == 100
    assert found.p95.value_s is not None
    assert found.max_s is not None
    assert found.p95.value_s <= found.max_s
    assert found.generator_cpu_s > 0
    assert found.late_p99_s > 0
    assert set(verdicts(found, LONGER, limit_s=5).values()) == {Status.PASSED}


def test_a_slow_service_is_found_slow_and_asked_on() -> None:
    found, server = sent(slowly)
    assert found.p50.low_s is not None
    assert found.p50.low_s > LIMIT_S
    assert server.requests == found.planned
    # A closed loop of one connection would have sent two requests in that time.
    assert server.connections > 30
    assert verdicts(found)["api_p95"] is Status.FAILED
    assert verdicts(found)["api_error_share"] is Status.PASSED


def test_a_service_that_stands_still_is_slow_for_all_that_were_due_meanwhile() -> None:
    found, _ = sent(Stall(60, 0.8), seconds=2)
    late = sum(count for number, count in found.histogram.buckets.items() if number >= 600)
    assert Histogram.of([0.16]).buckets.keys() == {605}
    # Sent one by one, one of them would have been late.
    assert late > 40
    assert found.n == 200
    assert verdicts(found)["api_p95"] is Status.FAILED


def test_errors_are_counted_and_have_no_latency() -> None:
    turns = iter(range(1_000))

    def now_and_then(client: socket.socket) -> bool:
        return act.bad_gateway(client) if next(turns) % 4 == 0 else act.whole(client)

    found, _ = sent(now_and_then, rate=20, seconds=5)
    assert found.errors.keys() == {"status_502"}
    assert 20 <= found.failed == found.histogram.failed <= 30
    assert (found.p50.value_s is None, found.p95.value_s) == (False, None)
    told = verdicts(found, LONGER)
    assert (told["api_p95"], told["api_error_share"]) == (Status.FAILED, Status.FAILED)
    assert verdicts(found, LONGER, limit_s=5)["api_rate"] is Status.PASSED, (
        "it answers as fast as it is asked"
    )
    assert verdicts(found, LONGER, error_share=0.5)["api_error_share"] is Status.PASSED


def test_time_outs_are_counted() -> None:
    plan = PLAN.model_copy(update={"rate": 20, "timeout_s": 0.3})
    found, _ = sent(act.hang, rate=20, timeout_s=0.3)
    assert (found.timeouts, found.errors, found.answered_in_time) == (found.n, {}, 0)
    assert found.max_s is None
    told = verdicts(found, plan)
    assert (told["api_error_share"], told["api_rate"]) == (Status.FAILED, Status.FAILED)


def test_nobody_there_is_an_error_each_time() -> None:
    with base_url(act.whole) as (url, _):
        pass
    found = outcome(url, PLAN)
    assert found.errors == {"connect": 100}
    assert verdicts(found)["api_error_share"] is Status.FAILED


def test_what_has_to_wait_for_others_is_no_open_model() -> None:
    found, server = sent(slowly, most_open=2, seconds=0.5, timeout_s=3)
    assert server.connections <= found.planned
    assert found.waited > 30
    plan = PLAN.model_copy(update={"most_open": 2, "seconds": 0.5})
    told = verdicts(found, plan)
    assert (told["api_p95"], told["api_rate"]) == (Status.UNKNOWN, Status.UNKNOWN)


def test_idle_connections_are_used_again() -> None:
    found, server = sent(act.whole, rate=20)
    assert found.n == 20
    assert server.connections < 20


def test_as_many_files_as_connections_may_be_open() -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))
        planned._allow_files(400)
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 400
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_program_reads_a_plan_and_writes_its_outcome() -> None:
    with base_url(act.whole) as (url, server):
        done = subprocess.run(
            [sys.executable, "-P", "-m", "hotelctl.adapters.load", url],
            input=PLAN.model_dump_json(),
            env=dict(os.environ),
            stdout=subprocess.PIPE,
            check=True,
            text=True,
            timeout=120,
        )
    found = LoadOutcome.model_validate(json.loads(done.stdout))
    assert found.n == 100
    assert server.requests == 120
