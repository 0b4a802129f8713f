import os
import socket
from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.adapters.files import LocalFiles
from hotelctl.facts.dockerfile import Dockerfiles
from hotelctl.probes.dockerfiles import dockerfiles
from tests.fakes.evidence import FakeEvidence
from tests.probes.worlds import World

_GOOD = "FROM alpine:3.19\n"


def found(place: Path, *named: str) -> Dockerfiles:
    """What a real directory gives; `named` are the service file's."""
    context = World(docker={"files": list(named)}).context()
    configuration = replace(context.configuration, project=place)
    files = LocalFiles(FakeEvidence(), place)
    return dockerfiles(replace(context, configuration=configuration, files=files))


def test_without_one_the_question_does_not_arise() -> None:
    assert World().why_not(Dockerfiles) == "NotApplicable: the project has no Dockerfile"


def test_tracked_ones_and_those_of_the_root_are_found_the_services_own_first() -> None:
    world = World()
    world.repository.commit(
        "2" * 40, {"a/Dockerfile": _GOOD, "a/Dockerfile.md": "x", "web.Dockerfile": _GOOD}
    )
    for name in ("a/Dockerfile", "web.Dockerfile", "Dockerfile", "Dockerfile.dockerignore"):
        world.write(name, _GOOD)
    fact = world.fact(Dockerfiles)
    assert [one.path for one in fact.files] == ["Dockerfile", "web.Dockerfile", "a/Dockerfile"]
    assert fact.unread == ()


def test_the_service_file_can_name_them() -> None:
    world = World(docker={"files": ["b.Dockerfile", "images/*", "none.Dockerfile"]})
    for name in ("Dockerfile", "b.Dockerfile", "images/Dockerfile.x", "images/logo.png"):
        world.write(name, _GOOD)
    fact = world.fact(Dockerfiles)
    assert [one.path for one in fact.files] == ["b.Dockerfile", "images/Dockerfile.x"]
    assert [one.why for one in fact.unread] == ["none.Dockerfile: is not there"]


def test_one_that_is_broken_does_not_hide_the_others() -> None:
    world = World()
    world.write("Dockerfile", _GOOD)
    world.write("web.Dockerfile", "")
    fact = world.fact(Dockerfiles)
    assert [one.path for one in fact.files] == ["Dockerfile"]
    assert [one.why for one in fact.unread] == ["web.Dockerfile: is empty"]


@pytest.mark.parametrize("kind", ["directory", "circle", "dangling", "pipe", "socket", "device"])
def test_what_is_no_file_is_told_and_not_waited_for(
    tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "Dockerfile"
    if kind == "directory":
        place.mkdir()
    elif kind == "pipe":
        os.mkfifo(place)
    elif kind == "socket":
        monkeypatch.chdir(tmp_path)  # its path must be short
        with socket.socket(socket.AF_UNIX) as server:
            server.bind("Dockerfile")
    else:
        targets = {"circle": place, "dangling": tmp_path / "none", "device": Path("/dev/zero")}
        place.symlink_to(targets[kind])
    (one,) = found(tmp_path).unread
    assert one.why.startswith("Dockerfile: is no file that could be read")


def test_a_file_that_nobody_may_read_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Dockerfile").write_text(_GOOD)

    def refuse(_path: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    assert [one.why for one in found(tmp_path, "Dockerfile").unread] == [
        "Dockerfile: cannot be read: Permission denied"
    ]


def test_the_arguments_of_the_service_file_are_those_of_its_own_dockerfile_alone() -> None:
    args = {"BASE": "debian:13"}
    world = World(docker={"files": ["Dockerfile", "web.Dockerfile"], "args": args})
    for name in ("Dockerfile", "web.Dockerfile"):
        world.write(name, "ARG BASE=debian:12\nFROM ${BASE}\n")
    own, other = world.fact(Dockerfiles).files
    assert (own.final.base.tag, other.final.base.tag) == ("13", "12")
