import errno
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest

from hotelctl.adapters import docker_images
from hotelctl.adapters.docker_images import DockerImages
from hotelctl.core.errors import Unavailable
from hotelctl.core.kept import NothingKept
from hotelctl.facts.image_layers import finds
from hotelctl.facts.layer_contents import CONTENTS
from tests.adapters.test_kept import Run
from tests.fakes.evidence import FakeEvidence
from tests.fakes.layers import FakeLayers


class _Full(io.BytesIO):
    def write(self, _: object, /) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.fixture
def told() -> list[str | None]:
    """Which version the engine was known to speak, each time that it was asked."""
    return []


@pytest.fixture
def images(monkeypatch: pytest.MonkeyPatch, told: list[str | None]) -> DockerImages:
    """Of an engine with one image, of which it tells nothing that it should."""
    image = SimpleNamespace(
        id="sha256:1",
        attrs={"Id": "sha256:1", "RootFS": {"Layers": ["sha256:2"]}},
        history=list,
        save=lambda: iter((b"x",)),
    )

    @contextmanager
    def engine(
        _environ: Mapping[str, str], _timeout_s: float, spoken: str | None
    ) -> Iterator[SimpleNamespace]:
        told.append(spoken)
        there = SimpleNamespace(get=lambda _: image)
        yield SimpleNamespace(images=there, api=SimpleNamespace(api_version="1.41"))

    monkeypatch.setattr(docker_images, "docker_engine", engine)
    return DockerImages({}, FakeEvidence())


def test_a_full_disk_is_told_with_its_place(images: DockerImages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(docker_images, "TemporaryFile", _Full)
    with pytest.raises(Unavailable, match=r"^no room for the image in /.*: No space left on device$"):
        images.layers("notes:1", (CONTENTS,), NothingKept())


def test_an_image_of_whose_layers_all_is_known_is_not_saved(
    images: DockerImages, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # The engine would give it one byte that is no archive.
    run = Run(tmp_path)
    monkeypatch.setattr("tests.fakes.layers.digest", lambda _: "sha256:2")
    with run.command() as (kept, log):
        there = FakeLayers(log).answers([{"srv/a": b"1"}], (CONTENTS,), kept)
    with run.command() as (kept, _):
        assert images.layers("notes:1", (CONTENTS,), kept).of(CONTENTS) == there.of(CONTENTS)
        with pytest.raises(Unavailable, match="the layers of the image cannot be read"):
            images.layers("notes:1", (finds((), None, lambda _: "[mark]"),), kept)


def test_an_answer_that_no_engine_gives_is_unknown(images: DockerImages) -> None:
    with pytest.raises(Unavailable, match="is no container engine"):
        images.inspected("notes:1")


def test_the_engine_is_asked_once_which_version_it_speaks(
    images: DockerImages, told: list[str | None]
) -> None:
    for _ in range(2):
        with images.engine(5):
            pass
    assert told == [None, "1.41"]
