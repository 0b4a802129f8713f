"""Switches and crashes under load: a client that never retries loses nothing when a release is switched."""

import pytest

from hotelctl.adapters.load.run import Load
from hotelctl.deploy.targets.process import ProcessTarget
from tests.deploy.targets.place import Place, eventually
from tests.load.background import under_load

pytestmark = pytest.mark.system


def load(place: Place, new_per_s: float = 0) -> Load:
    """200 requests a second over 8 kept connections, and more over new ones."""
    return Load(f"http://127.0.0.1:{place.port}/version", rate=200, connections=8, new_per_s=new_per_s)


def answered(place: Place, more: int) -> None:
    """Return when the edge has answered so many more requests of the load."""
    log = place.places.edge / "access.log"

    def count() -> int:
        return log.read_text().count('"uri":"/version"')

    wanted = count() + more
    eventually(lambda: count() >= wanted)


def switch(place: Place, target: ProcessTarget, turn: int) -> None:
    """A new release in, the former one out, as a deploy does it."""
    former = target.serving()
    place.serve(target, f"r{turn}", turn)
    assert former is not None
    drained = target.retire(former)
    assert drained.clean, drained.detail
    target.discard(former)


def test_ten_switches_lose_nothing(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    with under_load(load(place)) as beside:
        answered(place, 200)
        for turn in range(2, 12):
            switch(place, target, turn)
            answered(place, 100)
        assert target.serving() == place.release("r11")
    assert beside.summary["failed"] == 0, beside.summary
    assert beside.summary["ok"] == beside.summary["sent"] >= 1200


def test_back_and_forth_between_two_warm_ones_loses_nothing(place: Place) -> None:
    target = place.target()
    pair = place.serve(target, "r1", 1), place.serve(target, "r2", 2)
    with under_load(load(place, new_per_s=20)) as beside:
        answered(place, 200)
        for turn in range(30):
            target.route(pair[turn % 2], 3 + turn)
            answered(place, 20)
    assert beside.summary["failed"] == 0, beside.summary


def test_the_death_of_the_supervisor_loses_nothing(place: Place) -> None:
    target = place.target()
    place.serve(target, "r1", 1)
    with under_load(load(place)) as beside:
        answered(place, 200)
        place.kill_supervisor()
        answered(place, 100)
        target.prepare(place.port)
        switch(place, target, 2)
    assert beside.summary["failed"] == 0, beside.summary
