from pathlib import Path

import pytest

from hotelctl.core.errors import Unavailable
from hotelctl.facts.env_files import EnvFiles, NamedFiles, OtherEnvFiles
from hotelctl.probes.env_files import present_files
from tests.probes.real import context
from tests.probes.worlds import World


def test_present_files_with_their_modes() -> None:
    world = World()
    world.write(".env.local", "A=1", 0o640)
    (file,) = world.fact(EnvFiles).used
    assert (file.path, file.mode, file.last("A").value.reveal()) == (".env.local", 0o640, "1")


def test_without_a_file_the_question_does_not_arise() -> None:
    assert World().why_not(EnvFiles) == "NotApplicable: no env file is present: .env.local"


def test_the_example_and_other_environments_are_kept_apart() -> None:
    world = World()
    world.write(".env.example", "A=x")
    world.write(".env.staging", "A=y")
    others = world.fact(OtherEnvFiles)
    assert others.example.path == ".env.example"
    assert [file.path for file in others.files] == [".env.staging"]


def test_no_byte_is_lost() -> None:
    world = World()
    world.write(".env.local", b"\xef\xbb\xbfA=\xff\0\r\n")
    (file,) = world.fact(EnvFiles).used
    assert file.data == b"\xef\xbb\xbfA=\xff\0\r\n"


def test_a_named_file_that_is_absent_is_told() -> None:
    world = World()
    assert world.fact(NamedFiles).absent == (".env.example",)
    world.write(".env.example", "A=x")
    named = world.fact(NamedFiles)
    assert (named.wanted, named.absent) == ((".env.example",), ())


@pytest.mark.parametrize("shape", ["circle", "nowhere", "directory"])
def test_what_is_no_file_is_told_and_not_waited_for(shape: str, tmp_path: Path) -> None:
    (tmp_path / "workspace").mkdir()
    place = tmp_path / ".env"
    if shape == "directory":
        place.mkdir()
    else:
        place.symlink_to(".env" if shape == "circle" else "nowhere")
    with pytest.raises(Unavailable, match=r"^\.env: is no file that could be read"):
        list(present_files([".env"], context(tmp_path, tmp_path / "workspace")))


def test_an_absent_file_is_passed_over(tmp_path: Path) -> None:
    assert list(present_files([".env"], context(tmp_path, tmp_path / "workspace"))) == []
