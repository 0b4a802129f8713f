import threading
from pathlib import Path

import pytest

from hotelctl.core.errors import StepFailed, UsageError
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


@pytest.mark.parametrize("data", [b"", b"x", b"-1"], ids=str)
def test_where_the_fence_cannot_be_read_only_the_newest_that_was_given_may_switch(
    places: Places, data: bytes
) -> None:
    edge = Edge(places)
    edge.point("127.0.0.1:20001", 7)
    (places.edge / "fence").write_bytes(data)
    (places.state / "fence").write_text("9")
    with pytest.raises(StepFailed, match="carries fence 8, but 9 was here"):
        edge.point("127.0.0.1:20002", 8)
    edge.point("127.0.0.1:20003", 9)
    assert (edge.target(), (places.edge / "fence").read_text()) == ("127.0.0.1:20003", "9")


def test_where_no_fence_can_be_read_nobody_switches(places: Places) -> None:
    edge = Edge(places)
    edge.point("127.0.0.1:20001", 7)
    (places.edge / "fence").write_text("x")
    with pytest.raises(UsageError, match="/edge/fence: cannot be read: it is no JSON") as refused:
        edge.point("127.0.0.1:20002", 8)
    assert "hotelctl lock status" in refused.value.hint
    (places.state / "fence").write_text("y")
    with pytest.raises(UsageError, match="/state/fence: cannot be read"):
        edge.point("127.0.0.1:20002", 8)
    assert edge.target() == "127.0.0.1:20001"


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
