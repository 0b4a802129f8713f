import threading
from collections.abc import Iterator
from dataclasses import dataclass

from hotelctl.core.check import Check
from hotelctl.core.finding import Finding
from hotelctl.core.judging import FactStore, Probe
from hotelctl.core.turns import Turns
from tests.fakes.evidence import FakeEvidence
from tests.render import made


@dataclass(frozen=True)
class Slow:
    pass


@dataclass(frozen=True)
class Other:
    pass


@dataclass(frozen=True)
class Built:
    pass


@dataclass(frozen=True)
class Late:
    pass


@dataclass(frozen=True)
class Mixed:
    pass


class World:
    """A slow fact that is made until it is let go."""

    def __init__(self) -> None:
        self.begun, self.go_on = threading.Event(), threading.Event()
        probes: dict[type, Probe] = {Slow: self.slow, Other: lambda _: Other(), Built: built, Late: late}
        probes[Mixed] = mixed
        self.facts = FactStore(probes, None, FakeEvidence())

    def slow(self, _context: object) -> Slow:
        self.begun.set()
        assert self.go_on.wait(60)
        return Slow()


def built(_context: object, _slow: Slow) -> Built:
    return Built()


def late(_context: object, _slow: Slow) -> Late:
    return Late()


def mixed(_context: object, _other: Other, _slow: Slow) -> Mixed:
    return Mixed()


def nothing(*_facts: object) -> Iterator[Finding]:
    yield from ()


def check(number: int, *facts: type) -> Check:
    return Check(made.info(f"ENV{number:03}"), facts, nothing)


def ids(turns: Turns, number: int) -> list[str]:
    return [one.info.id for _ in range(number) if (one := turns.take()) is not None]


def test_where_all_build_on_one_fact_the_next_is_one_that_brings_another() -> None:
    facts = World().facts
    turns = Turns([check(1, Built), check(2, Built), check(3, Late)], facts)
    assert ids(turns, 3) == ["ENV001", "ENV003", "ENV002"]


def test_each_check_is_handed_out_once_in_order() -> None:
    turns = Turns([check(1, Other), check(2, Slow), check(3, Built)], World().facts)
    assert ids(turns, 4) == ["ENV001", "ENV002", "ENV003"]


def test_what_another_check_is_about_to_make_is_left_to_it() -> None:
    turns = Turns([check(1, Slow), check(2, Built), check(3, Slow), check(4, Other)], World().facts)
    assert ids(turns, 2) == ["ENV001", "ENV004"]


def test_a_fact_that_is_there_stands_in_nobody_s_way() -> None:
    world = World()
    world.go_on.set()
    turns = Turns([check(1, Slow), check(2, Slow), check(3, Other)], world.facts)
    world.facts.get(Slow)
    assert ids(turns, 2) == ["ENV001", "ENV002"]


def test_a_check_that_was_judged_keeps_nobody_back() -> None:
    turns = Turns([first := check(1, Slow), check(2, Slow), check(3, Other)], World().facts)
    turns.take()
    turns.done(first)
    assert ids(turns, 1) == ["ENV002"]


def test_where_all_wait_for_one_fact_the_next_comes_as_soon_as_it_is_there() -> None:
    world = World()
    turns = Turns([check(1, Slow), check(2, Built)], world.facts)
    taken: list[str] = []

    def judged() -> None:
        one = turns.take()
        assert one is not None
        world.facts.had(one.facts)

    def next_one() -> None:
        taken.extend(ids(turns, 1))

    first = threading.Thread(target=judged, daemon=True)
    first.start()
    assert world.begun.wait(60)
    second = threading.Thread(target=next_one, daemon=True)
    second.start()
    second.join(0.1)
    assert taken == []
    world.go_on.set()
    second.join(60)
    assert taken == ["ENV002"]


def test_what_needs_more_than_is_in_the_making_is_begun_meanwhile() -> None:
    world = World()
    turns = Turns([check(1, Slow), check(2, Built), check(3, Mixed)], world.facts)
    first = turns.take()
    assert first is not None
    making = threading.Thread(target=lambda: world.facts.had(first.facts), daemon=True)
    making.start()
    assert world.begun.wait(60)
    assert ids(turns, 1) == ["ENV003"]
    world.go_on.set()
    making.join(60)
    assert ids(turns, 1) == ["ENV002"]
