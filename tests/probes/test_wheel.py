from hotelctl.facts.artifact import ArtifactSize
from hotelctl.facts.wheel import Wheel
from tests.fakes.wheels import wheel
from tests.probes.worlds import World

_BUILD = {"command": ["build"], "artifact": "*.whl", "requirements": "lock.txt"}


def test_the_built_wheel_is_opened() -> None:
    world = World()
    world.work.wheel = wheel({"thing.py": "x"})
    fact = world.fact(Wheel)
    assert set(fact.digests) == {"thing.py", "thing-1.dist-info/METADATA", "thing-1.dist-info/RECORD"}
    assert fact.faults == ()


def test_without_an_artifact_nothing_is_judged() -> None:
    assert "the build failed" in World().why_not(Wheel)
    assert "the build failed" in World(build=_BUILD | {"size_limit_bytes": 1}).why_not(ArtifactSize)


def test_the_size_is_that_of_the_file_and_the_limit_that_of_the_service_file() -> None:
    world = World(build=_BUILD | {"size_limit_bytes": 5})
    world.work.wheel = wheel({"thing.py": "x" * 100, "small.py": ""})
    fact = world.fact(ArtifactSize)
    assert (fact.size_bytes, fact.limit_bytes) == (len(world.work.wheel), 5)
    assert "thing.py" in dict(fact.largest)
    assert (
        World().why_not(ArtifactSize).startswith("NotApplicable: the service file names no size_limit_bytes")
    )
