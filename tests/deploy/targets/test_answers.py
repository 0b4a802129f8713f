"""What the edge notes of an instance's answers, and what the instance holds in memory."""

import socket
import time
from datetime import UTC, datetime

import pytest

from hotelctl.adapters.clock import SystemClock
from hotelctl.adapters.http import HttpClient
from hotelctl.facts.edge_log import Answer
from tests.deploy.targets.place import Place, ask, eventually
from tests.fakes.evidence import FakeEvidence

pytestmark = pytest.mark.system


def test_answers_are_told_of_each_release_by_itself_and_what_hotelctl_asked_is_marked(place: Place) -> None:
    target, began = place.target(), datetime.now(UTC)
    first = place.serve(target, "r1", 1)
    ask(place.port, "/one?at=1")
    second = place.serve(target, "r2", 2)
    reader, found = target.answers(second, began), list[Answer]()
    ask(place.port, "/two")
    HttpClient(FakeEvidence(), SystemClock()).request("GET", f"http://127.0.0.1:{place.port}/three")

    def told() -> bool:
        found.extend(reader())
        return any(one.asked == "GET /three" for one in found)

    eventually(told)
    own = [one for one in found if one.asked != "GET /version"]
    # They are noted when they ended, on two connections.
    assert {(one.asked, one.status, one.synthetic) for one in own} == {
        ("GET /two", 200, False),
        ("GET /three", 200, True),
    }
    assert all(0 < one.seconds < 60 and one.at_s >= began.timestamp() for one in own)
    assert "GET /one" in [one.asked for one in target.answers(first, began)()]
    assert target.answers(first, datetime.now(UTC))() == []


def test_a_stream_is_as_quick_as_the_head_of_its_answer(place: Place) -> None:
    target, began = place.target(), datetime.now(UTC)
    release = place.serve(target, "r1", 1)
    reader, found = target.answers(release, began), list[Answer]()
    with socket.create_connection(("127.0.0.1", place.port), timeout=60) as client:
        client.sendall(b"GET /stream HTTP/1.1\r\nHost: x\r\n\r\n")
        asked_at = time.monotonic()
        while time.monotonic() < asked_at + 1:
            assert client.recv(4096)
        # Who drains ends its streams; the edge notes a request when it is over.
        place.serve(target, "r2", 2)
        target.retire(release)

    def told() -> bool:
        found.extend(one for one in reader() if one.asked == "GET /stream")
        return bool(found)

    eventually(told)
    assert found[0].seconds < 1


def test_an_instance_that_never_was_answered_nothing_and_holds_nothing(place: Place) -> None:
    target = place.target()
    assert target.answers(place.release_named("r9"), datetime.now(UTC))() == ()
    assert target.memory_bytes(place.release_named("r9")) is None


def test_what_an_instance_holds_is_told_while_it_runs(place: Place) -> None:
    target = place.target()
    first = place.serve(target, "r1", 1)
    held = target.memory_bytes(first)
    assert held is not None
    assert 5_000_000 < held < 200_000_000
    place.serve(target, "r2", 2)
    target.retire(first)
    assert target.memory_bytes(first) is None
