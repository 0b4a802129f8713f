import socket
import time

import pytest

from hotelctl.adapters.load.run import Load, Result, Run
from tests.load import misbehaving as act
from tests.load.client import send
from tests.load.misbehaving import Misbehaving

system = pytest.mark.system


def ask(*acts: act.Act, requests: int, timeout_s: float = 10, rate: float = 20) -> tuple[Result, Misbehaving]:
    """The result of `requests` requests over one kept connection."""
    with Misbehaving(*acts).serving() as server:
        load = Load(server.url, rate=rate, connections=1, timeout_s=timeout_s)
        return send(load, requests), server


@system
def test_good_answers_share_one_connection() -> None:
    result, server = ask(act.whole, act.chunked, act.whole, requests=4)
    assert (result.sent, result.ok, result.failed) == (4, 4, 0)
    assert (server.requests, server.connections) == (4, 1)


@system
@pytest.mark.parametrize(
    ("misdeed", "kind"),
    [
        (act.silent_close, "closed"),
        (act.reset, "reset"),
        (act.short_body, "short_body"),
        (act.bad_gateway, "status_502"),
        (act.nonsense, "protocol"),
    ],
)
def test_each_misdeed_is_counted_once_and_not_repeated(misdeed: act.Act, kind: str) -> None:
    result, server = ask(act.whole, misdeed, act.whole, requests=4)
    _is_counted_once(result, server, kind)


@system
def test_a_server_that_hangs_is_counted_once_and_not_asked_again() -> None:
    """The next request is due after the limit, so that it meets a server that answers."""
    result, server = ask(act.whole, act.hang, act.whole, requests=4, timeout_s=2.5, rate=0.36)
    _is_counted_once(result, server, "timeout")


def _is_counted_once(result: Result, server: Misbehaving, kind: str) -> None:
    assert result.errors == {kind: 1}
    assert server.requests == 4
    assert result.sent == 4
    assert result.ok + result.failed == 4
    assert result.first_failures[0]["kind"] == kind


@system
def test_an_announced_end_is_followed_by_a_new_connection_and_no_failure() -> None:
    result, server = ask(act.announced_close, requests=4)
    assert (result.ok, result.failed, result.idle_closes) == (4, 0, 0)
    assert server.connections == 4


@system
def test_an_end_before_the_request_was_written_loses_nothing() -> None:
    result, server = ask(act.then_idle_close, requests=4, rate=1)
    assert (result.ok, result.failed) == (4, 0)
    assert result.idle_closes == 3
    assert server.connections == 4


@system
def test_nobody_listening_is_a_failure_each_time() -> None:
    with Misbehaving(act.whole).serving() as server:
        url = server.url
    result = send(Load(url, rate=20, connections=2, new_per_s=20), requests=8)
    assert result.sent == result.failed == result.errors["connect"] == 8


@system
def test_a_stall_is_seen_by_every_request_that_was_due_in_it() -> None:
    def stall(client: socket.socket) -> bool:
        time.sleep(0.4)
        return act.whole(client)

    result, _ = ask(act.whole, stall, act.whole, requests=10)
    assert (result.ok, result.failed) == (10, 0)
    assert sum(latency > 0.1 for latency in result.latencies_s) >= 5


@system
def test_new_connections_come_beside_the_kept_ones() -> None:
    with Misbehaving(act.whole).serving() as server:
        result = send(Load(server.url, rate=20, connections=2, new_per_s=10), requests=30)
    assert result.failed == 0
    assert result.sent == server.requests
    # Of thirty: a machine that stood still catches up with one of each in turn.
    assert 8 <= server.connections <= 17


@system
def test_the_rate_is_reached() -> None:
    with Misbehaving(act.whole).serving() as server:
        summary = send(Load(server.url, rate=40, connections=4), requests=120).summary()
    assert 25 <= summary["achieved_rate"] <= 41, "a moment in which the machine stood still may cost so much"
    assert summary["failed"] == 0


def test_percentiles_are_nearest_rank() -> None:
    result = Result(ok=100, duration_s=10, latencies_s=[n / 1000 for n in range(100, 0, -1)])
    summary = result.summary()
    assert [summary[key] for key in ("p50_ms", "p95_ms", "p99_ms", "max_ms")] == [50, 95, 99, 100]
    assert summary["achieved_rate"] == 10


def test_only_http_addresses_are_taken() -> None:
    with pytest.raises(ValueError, match="not an http"):
        Run(Load("ftp://127.0.0.1/x"))
