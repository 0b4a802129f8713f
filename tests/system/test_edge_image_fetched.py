"""An edge whose image the engine lacks, had from its registry by every name that may be written."""

import os
from collections.abc import Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

import pytest
from docker.errors import ImageNotFound

from hotelctl.adapters.docker_containers import DockerContainers
from hotelctl.core.errors import StepFailed
from tests.edge_image import EDGE, edge_image
from tests.system.registry import registry

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]


@pytest.fixture(scope="module")
def there(engine: "DockerClient", tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The image's name at a registry, and its digest."""
    edge_image(engine)
    with registry(tmp_path_factory.mktemp("registry")) as port:
        name = f"127.0.0.1:{port}/acme/edge"
        engine.images.get(EDGE).tag(name, "2.11")
        said = engine.images.push(name, "2.11")
        (digest,) = (
            one.partition("@")[2]
            for one in engine.images.get(f"{name}:2.11").attrs["RepoDigests"]
            if one.startswith(f"{name}@")
        )
        assert digest in said
        yield name, digest


@pytest.fixture
def sent(engine: "DockerClient", there: tuple[str, str]) -> Iterator[tuple[str, str]]:
    """The same; the engine knows it by neither."""
    _forget(engine, there[0])
    yield there
    _forget(engine, there[0])


def _forget(engine: "DockerClient", name: str) -> None:
    for image in engine.images.list(name):
        for known in (*image.attrs["RepoTags"], *image.attrs["RepoDigests"]):
            if known.startswith(name):
                # With its last tag it has lost its digest there, too.
                with suppress(ImageNotFound):
                    engine.images.remove(known)


@pytest.mark.parametrize("written", ["{name}:2.11", "{name}@{digest}", "{name}:2.11@{digest}"])
def test_it_is_had_from_the_registry_by_the_name_that_the_service_file_says(
    engine: "DockerClient", sent: tuple[str, str], written: str
) -> None:
    name, digest = sent
    image, containers = written.format(name=name, digest=digest), DockerContainers(os.environ)
    with pytest.raises(ImageNotFound):
        engine.images.get(image)
    containers.fetch(image)
    found = containers.image(image)
    assert found is not None
    assert engine.images.get(image).id == engine.images.get(EDGE).id


def test_one_that_the_registry_has_not_is_told_by_its_name(sent: tuple[str, str]) -> None:
    name, _ = sent
    with pytest.raises(StepFailed, match=r"the container engine refuses: .*acme/edge.*not found"):
        DockerContainers(os.environ).fetch(f"{name}:1.0")
