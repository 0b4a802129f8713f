import json
import socket
import time
from dataclasses import asdict

import pytest

from benchmarks.service.generator import FRESH_ID, Plan, PlannedRun, drive, outcome, read_plan
from tests.load import misbehaving as act
from tests.load.misbehaving import Misbehaving

_REQUEST = "GET / HTTP/1.1\r\nHost: x\r\n\r\n"


def plan(url: str, **more: object) -> Plan:
    """Twenty requests a second for a second, over one connection."""
    given = {"rate": 20, "seconds": 1, "warm_s": 0, "connections": 1, "timeout_s": 10, "good": (200,), **more}
    return Plan(url, (_REQUEST,), **given)  # type: ignore[arg-type]


@pytest.mark.system
def test_a_stall_is_in_the_latency_of_all_that_were_due_in_it() -> None:
    def stall(client: socket.socket) -> bool:
        time.sleep(0.5)
        return act.whole(client)

    with Misbehaving(act.whole, stall, act.whole).serving() as server:
        found = outcome(plan(server.url))
    late = [latency for latency in found.latencies_s if latency is not None and latency > 0.1]
    assert not found.errors
    # A closed loop would have sent one request in that time.
    assert len(late) >= 5


@pytest.mark.system
@pytest.mark.parametrize(
    ("misdeed", "more", "kind"),
    [
        (act.bad_gateway, {}, "status_502"),
        (act.whole, {"good": (201,)}, "status_200"),
        (act.hang, {"timeout_s": 0.2}, "timeout"),
        (act.reset, {}, "reset"),
    ],
)
def test_what_failed_is_counted_and_has_no_latency(
    misdeed: act.Act, more: dict[str, object], kind: str
) -> None:
    with Misbehaving(misdeed).serving() as server:
        found = outcome(plan(server.url, **more))
    assert set(found.latencies_s) == {None}
    assert found.errors == {kind: len(found.latencies_s)}
    assert found.achieved_rate == 0
    assert found.failures[0]["kind"] == kind


@pytest.mark.system
def test_the_warm_up_is_dropped_and_the_rate_is_of_what_was_counted() -> None:
    with Misbehaving(act.whole).serving() as server:
        # A busy machine may stand still for half a second at the end.
        found = drive(plan(server.url, warm_s=1, seconds=5))
        assert server.requests > 100
    assert 90 <= len(found.latencies_s) <= 101
    assert 18 <= found.achieved_rate <= 20.5
    assert found.generator_cpu_s > 0


def test_each_message_has_an_id_of_its_own() -> None:
    text = f"POST / HTTP/1.1\r\nContent-Length: 36\r\n\r\n{FRESH_ID}"
    run = PlannedRun(Plan("http://127.0.0.1:1", (text, _REQUEST), (200,), 1, 1, 0))
    first, other, third = (run._request("keep-alive") for _ in range(3))
    assert other == _REQUEST.encode()
    assert first != third
    assert len(first) == len(third) == len(text)


def test_a_plan_is_read_as_it_was_written() -> None:
    written = plan("http://127.0.0.1:1")
    assert read_plan(json.dumps(asdict(written))) == written
