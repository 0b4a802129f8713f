import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.images import BuiltImage
from hotelctl.facts.secret_copies import SecretValues
from hotelctl.probes.built_image import built_image, image_settings
from hotelctl.probes.image_layers import image_layers
from tests.checks.docker.images import GOOD
from tests.probes.worlds import World


def test_the_image_that_the_service_file_names_is_asked_for() -> None:
    world = World(docker={"image": "notes:1", "probe": "deploy/app.yaml", "size_limit_bytes": 5})
    with pytest.raises(Unavailable, match="no image notes:1: build it"):
        built_image(world.context())
    world.images.there["notes:1"] = GOOD
    assert world.fact(BuiltImage) == GOOD
    settings = image_settings(world.context())
    assert (settings.probe, settings.size_limit_bytes) == ("deploy/app.yaml", 5)


def test_its_layers_are_searched_for_what_the_service_keeps_secret() -> None:
    world = World(docker={"image": "notes:1"})
    world.images.there["notes:1"] = GOOD
    world.images.files = {"srv/a": b"-", "srv/.env": b"A=1"}
    found = image_layers(world.context(), GOOD, SecretValues((), frozenset(), ()))
    assert world.evidence.of("docker")
    assert (found.layers, found.files) == (1, 2)
    assert [one.path for one in found.found] == ["srv/.env"]


def test_without_a_name_there_is_nothing_to_ask() -> None:
    with pytest.raises(NotApplicable, match=r"docker\.image"):
        built_image(World().context())
