import io
import zipfile

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.core.judging import needs
from hotelctl.facts.artifact import Artifact, PackageData
from hotelctl.facts.installation import Imported, Installation
from hotelctl.probes.registry import IN_THE_PROJECT
from tests.fakes.repository import COMMIT
from tests.probes.worlds import World, completed


def _wheel() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("thing.py", "x")
    return buffer.getvalue()


def test_a_built_wheel_is_inspected() -> None:
    world = World()
    world.work.wheel = _wheel()
    world.repository.dirty = ("a.py",)
    fact = world.fact(Artifact)
    assert (fact.commit, dict(fact.names), fact.dirty) == (COMMIT, {"thing.py": 1}, ("a.py",))
    assert len(fact.sha256) == 64


def test_a_failed_build_is_a_fact_and_a_killed_one_is_none() -> None:
    world = World()
    world.work.built = completed(1)
    fact = world.fact(Artifact)
    assert (fact.path, fact.words) == (None, "no module named hatchling")
    assert "build failed" in world.why_not(Installation)
    world.work.built = completed(None, timed_out=True)
    assert "did not end" in world.why_not(Artifact)


def test_an_installation_is_imported_only_when_it_worked() -> None:
    world = World()
    world.work.wheel = _wheel()
    assert (world.fact(Installation).install_exit, world.fact(Imported).exit_code) == (0, 0)
    world.work.installed = completed(1, "hash mismatch")
    bad = world.fact(Installation)
    assert (bad.install_exit, bad.install_words, world.fact(Imported).exit_code) == (1, "hash mismatch", None)
    world.work.installed = completed(None, timed_out=True)
    assert "killed" in world.why_not(Installation)


def test_an_import_that_does_not_end_is_no_verdict() -> None:
    world = World()
    world.work.wheel, world.work.imported = _wheel(), completed(None, timed_out=True)
    assert world.why_not(Imported) == "Unavailable: the import was killed at its limit"


def test_package_data_of_the_service_file() -> None:
    assert World().why_not(PackageData).startswith("NotApplicable")


def test_without_a_build_there_is_nothing_to_judge() -> None:
    world = World(build=None)
    why = "Unavailable: hotelctl.toml: has no [build], so nothing was built"
    assert world.why_not(Artifact) == world.why_not(Installation) == why
    assert world.why_not(PackageData).startswith("NotApplicable")


def test_of_a_service_that_says_no_build_not_even_the_commit_is_copied() -> None:
    assert needs(IN_THE_PROJECT[Artifact]) == ()
    with pytest.raises(Unavailable, match=r"has no \[build\], so nothing was built"):
        IN_THE_PROJECT[Artifact](World(build=None).context())


def test_requirements_that_are_not_in_the_commit_are_no_verdict() -> None:
    world = World()
    world.work.wheel = _wheel()
    world.repository.commit("2" * 40, {"thing.py": "x"})
    assert "lock.txt, which build.requirements names, is no file of the commit" in world.why_not(Installation)
