import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.images import BuiltImage
from hotelctl.probes.built_image import built_image, image_settings
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


def test_without_a_name_there_is_nothing_to_ask() -> None:
    with pytest.raises(NotApplicable, match=r"docker\.image"):
        built_image(World().context())
