from pathlib import Path

from hotelctl.core.work import Built
from hotelctl.facts.rebuild import Rebuild
from tests.fakes.wheels import wheel
from tests.probes.worlds import World, completed


def world(second: bytes | None) -> World:
    """A checkout whose second build leaves `second`."""
    here = World()
    here.work.wheel = wheel({"thing.py": "x"})
    first = here.work.build

    def build(source: Path, out: Path, committed_at: object) -> Built:
        if "again" not in source.parts:
            return first(source, out, committed_at)
        if second is None:
            return Built(completed(1), None, "no space left")
        assert here.files.exists(source / "thing.py")
        here.files.write_durable(out / "thing.whl", second)
        return Built(completed(), out / "thing.whl")

    here.work.build = build  # type: ignore[method-assign]
    return here


def test_the_second_build_has_an_export_of_its_own_and_is_held_against_the_first() -> None:
    fact = world(wheel({"thing.py": "x"})).fact(Rebuild)
    assert (fact.first_sha256, fact.differing) == (fact.second_sha256, ())
    fact = world(wheel({"thing.py": "y"})).fact(Rebuild)
    assert fact.first_sha256 != fact.second_sha256
    assert fact.differing == ("thing-1.dist-info/RECORD", "thing.py")


def test_a_build_that_fails_only_the_second_time_is_no_verdict() -> None:
    assert "the second build left no artifact: no space left" in world(None).why_not(Rebuild)


def test_without_a_first_there_is_no_second() -> None:
    assert "the build failed" in World().why_not(Rebuild)
