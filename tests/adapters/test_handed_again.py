"""Files for a container, whose engine falls silent amid them and answers again."""

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import IO

import pytest

from hotelctl.adapters import docker_containers
from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.adapters.docker_engine import Silent
from hotelctl.core.containers import Handed


def test_who_hands_them_over_again_hands_over_all_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "env").write_text("NAME=value\n")
    sent: list[bytes] = []

    def put(_: str, packed: IO[bytes]) -> None:
        sent.append(packed.read())
        if len(sent) == 1:
            raise Silent("the container engine cannot be asked: connection reset by peer")

    found = SimpleNamespace(name="notes", put_archive=put)
    client = SimpleNamespace(
        containers=SimpleNamespace(get=lambda _: found), api=SimpleNamespace(api_version="1.43")
    )

    @contextmanager
    def engine(*_: object) -> Iterator[SimpleNamespace]:
        yield client

    monkeypatch.setattr(docker_containers, "docker_engine", engine)
    containers = DockerContainers({})
    containers.signal("other", "TERM")
    containers.hand("notes", [Handed(str(tmp_path / "env"), "/run/hotelctl/env")], (0, 0))
    assert len(sent) == 2
    with tarfile.open(fileobj=io.BytesIO(sent[1])) as whole:
        assert whole.getnames() == ["run/hotelctl/env"]
