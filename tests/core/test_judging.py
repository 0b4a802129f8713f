from dataclasses import dataclass

import pytest

from hotelctl.core.errors import NotApplicable, StepFailed, Unavailable
from hotelctl.core.judging import FactStore, needs
from tests.fakes.evidence import FakeEvidence


@dataclass(frozen=True)
class Ground:
    n: int


@dataclass(frozen=True)
class Upper:
    n: int


class World:
    """Counts how often each probe ran."""

    def __init__(self, trouble: Unavailable | NotApplicable | None = None) -> None:
        self.evidence = FakeEvidence()
        self.trouble = trouble
        self.asked: list[str] = []


def ground(world: World) -> Ground:
    world.asked.append("ground")
    world.evidence.record("test", {"of": "ground"})
    if world.trouble is not None:
        raise world.trouble
    return Ground(1)


def upper(world: World, below: Ground) -> Upper:
    world.asked.append("upper")
    world.evidence.record("test", {"of": "upper"})
    return Upper(below.n + 1)


def _store(world: World) -> FactStore:
    return FactStore({Ground: ground, Upper: upper}, world, world.evidence)


def test_a_probe_gets_the_facts_it_names_and_their_evidence() -> None:
    world = World()
    store = _store(world)
    assert store.get(Upper).value == Upper(2)
    assert store.get(Upper).evidence == ("ev-0001", "ev-0002")
    assert store.get(Ground).evidence == ("ev-0001",)
    assert world.asked == ["ground", "upper"]


def test_a_fact_that_was_put_is_built_on_instead_of_probing() -> None:
    world = World()
    store = _store(world)
    store.put(Ground(41), ["ev-7"])
    had = store.get(Upper)
    assert (had.value, had.evidence[0]) == (Upper(42), "ev-7")
    assert world.asked == ["upper"]


@pytest.mark.parametrize("trouble", [Unavailable("away"), NotApplicable("never")])
def test_trouble_below_is_the_trouble_above(trouble: Unavailable | NotApplicable) -> None:
    world = World(trouble)
    had = _store(world).get(Upper)
    assert had.trouble is trouble
    assert had.evidence == ("ev-0001",)
    assert world.asked == ["ground"]


def test_what_a_port_refuses_is_unavailable() -> None:
    def refused(_world: World) -> Ground:
        raise StepFailed("permission denied to create database")

    world = World()
    trouble = FactStore({Ground: refused}, world, world.evidence).get(Ground).trouble
    assert isinstance(trouble, Unavailable)
    assert trouble.reason == "permission denied to create database"


def test_needs_leaves_out_the_context() -> None:
    assert needs(upper) == (Ground,)
    assert needs(ground) == ()
