from hotelctl.facts.lock import Lock
from tests.probes.worlds import World


def test_the_requirements_that_the_service_file_names_are_read() -> None:
    world = World()
    world.write("lock.txt", "rich==15\n")
    fact = world.fact(Lock)
    assert (fact.path, list(fact.pins)) == ("lock.txt", ["rich"])


def test_a_file_that_is_not_there_is_named() -> None:
    assert "lock.txt, which build.requirements names, is no file" in World().why_not(Lock)


def test_without_a_build_the_usual_file_is_read_where_it_is_there() -> None:
    world = World(build=None)
    assert "has no [build], so no lock of its packages is known" in world.why_not(Lock)
    world.write("requirements.txt", "rich==15\n")
    assert world.fact(Lock).path == "requirements.txt"
