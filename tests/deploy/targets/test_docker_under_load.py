"""Switches between containers under load: what is slow and what streams ends well, and nothing is lost."""

import http.client
from concurrent.futures import Future, ThreadPoolExecutor
from time import perf_counter

import pytest

from hotelctl.deploy.release import Release
from hotelctl.deploy.targets.docker import DockerTarget
from tests.deploy.targets.harbour import Harbour
from tests.deploy.targets.place import Place
from tests.deploy.targets.test_switch_under_load import answered, load
from tests.load.background import under_load

pytestmark = [pytest.mark.system, pytest.mark.engine]
_LAST = b"event: reconnect\ndata: now\n\n"


def got(port: int, path: str) -> tuple[int, bytes]:
    """Status and the whole body, read to its end."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def switch(harbour: Harbour, target: DockerTarget, release: Release, fence: int) -> float:
    """How long traffic took to come to a ready release, as who switches sees it; what served is retired."""
    former = target.serving()
    harbour.ready(target, release)
    began = perf_counter()
    target.route(release, fence)
    took = perf_counter() - began
    assert former is not None
    drained = target.retire(former)
    assert drained.clean, drained.detail
    return took


def test_ten_switches_and_three_ways_back_lose_nothing(harbour: Harbour) -> None:
    target = harbour.target()
    releases = [harbour.serve(target, "r0", 1), *(harbour.release(f"r{n}") for n in range(1, 11))]
    turns = [*releases[1:], releases[9], releases[8], releases[10]]
    place, took = Place(harbour.state, harbour.port), list[float]()
    long: list[Future[tuple[int, bytes]]] = []
    with under_load(load(place)) as beside, ThreadPoolExecutor() as pool:
        answered(place, 200)
        for fence, release in enumerate(turns, start=2):
            long += [pool.submit(got, harbour.port, path) for path in ("/slow?s=1", "/stream")]
            answered(place, 50)
            took.append(switch(harbour, target, release, fence))
            assert harbour.version() == release.commit
    slow, streams = [one.result() for one in long[::2]], [one.result() for one in long[1::2]]
    print(beside.summary, sorted(round(1000 * one) for one in took), "ms")  # noqa: T201 - the figures
    assert beside.summary["failed"] == 0, beside.summary
    assert beside.summary["ok"] == beside.summary["sent"] >= 1200
    assert {status for status, _ in slow} == {200}
    assert all(status == 200 and body.endswith(_LAST) for status, body in streams)
