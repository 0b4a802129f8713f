import json

from hotelctl.facts.image_growth import FormerImage
from hotelctl.probes.context import Serving
from hotelctl.probes.former_image import former_image
from tests.checks.docker.images import GOOD
from tests.probes.worlds import World


def _serving(image: str | None) -> World:
    world = World()
    world.serving = Serving("r1", "c" * 40, "http://h", "http://h")
    manifest = world.context().state / "releases" / "r1" / "manifest.json"
    world.files.write_durable(manifest, json.dumps({"image": image}).encode())
    return world


def test_it_is_the_one_that_the_release_pins() -> None:
    world = _serving("sha256:1")
    world.images.there["sha256:1"] = GOOD
    assert former_image(world.context()) == FormerImage(GOOD)


def test_where_none_serves_or_none_is_left_there_is_none() -> None:
    assert former_image(World().context()) == FormerImage()
    assert former_image(_serving(None).context()) == FormerImage()
    assert former_image(_serving("sha256:1").context()) == FormerImage()
