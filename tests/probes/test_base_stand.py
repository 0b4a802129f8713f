from hotelctl.core.references import Base
from hotelctl.facts.base_stand import BaseStand
from tests.probes.worlds import World


def test_it_is_what_the_clone_knows() -> None:
    world = World()
    world.repository.found_base = Base("origin/main", 2, None)
    assert world.fact(BaseStand) == BaseStand(world.repository.found_base, world.clock.now())


def test_a_repository_without_another_one_lacks_nothing() -> None:
    world = World()
    world.repository.remote = False
    assert world.why_not(BaseStand).startswith("NotApplicable: the repository has no remote")


def test_no_base_or_half_a_history_is_unavailable() -> None:
    world = World()
    assert world.why_not(BaseStand).startswith("Unavailable: no remote branch is known")
    world.repository.shallow = True
    assert world.why_not(BaseStand).startswith("Unavailable: the clone is shallow")
