import threading
from pathlib import Path

import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.deploy.targets import edge as edge_module
from hotelctl.deploy.targets import lock
from hotelctl.deploy.targets.edge import Edge
from hotelctl.deploy.targets.places import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    places = Places(tmp_path / "state")
    places.make()
    return places


def test_the_pointer_holds_the_address_and_nothing_else(places: Places) -> None:
    edge = Edge(places)
    assert (edge.target(), edge.fence(), edge.port) == ("", 0, None)
    edge.point("127.0.0.1:20001", 3)
    assert places.active.read_bytes() == b"127.0.0.1:20001"
    assert (Edge(places).target(), Edge(places).fence()) == ("127.0.0.1:20001", 3)
    edge.point("", 3)
    assert places.active.read_bytes() == b""


def test_the_fence_never_falls(places: Places) -> None:
    edge = Edge(places)
    edge.point("127.0.0.1:20001", 7)
    with pytest.raises(StepFailed, match="carries fence 6, but 7 was here"):
        edge.point("127.0.0.1:20002", 6)
    assert (edge.target(), edge.fence()) == ("127.0.0.1:20001", 7)


def test_of_many_who_switch_at_once_the_highest_fence_wins(places: Places) -> None:
    def switch(fence: int) -> None:
        try:
            Edge(places).point(f"127.0.0.1:{20_000 + fence}", fence)
        except StepFailed:
            refused.append(fence)

    refused: list[int] = []
    threads = [threading.Thread(target=switch, args=(fence,)) for fence in range(1, 21)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (Edge(places).target(), Edge(places).fence()) == ("127.0.0.1:20020", 20)
    assert 20 not in refused


def test_a_switch_that_hangs_does_not_hang_the_next_for_ever(
    places: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_module, "LOCK_LIMIT_S", 0.05)
    assert lock.take(places.edge / "lock") is not None
    with pytest.raises(StepFailed, match="another switch is under way"):
        Edge(places).point("127.0.0.1:20001", 1)
    assert Edge(places).target() == ""


def test_nothing_is_open_where_no_edge_runs(places: Places) -> None:
    assert Edge(places).inflight("127.0.0.1:20001") == 0
