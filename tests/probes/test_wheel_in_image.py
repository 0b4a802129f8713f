from pathlib import Path

import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.facts.object_search import SearchedValues
from hotelctl.facts.read_layers import ReadLayers
from hotelctl.probes.read_layers import read_layers
from hotelctl.probes.wheel_in_image import wheel_in_image
from tests.checks import made
from tests.checks.docker.images import GOOD
from tests.fakes.wheels import wheel
from tests.probes.worlds import World

_WHEEL = Path("/out/town-1-py3-none-any.whl")


def test_the_files_of_the_wheel_are_looked_for_in_the_image() -> None:
    world = World()
    world.images.there[GOOD.name] = GOOD
    world.images.files = {"srv/town/__init__.py": b"x = 1\n"}
    world.files.write_durable(_WHEEL, wheel({"town/__init__.py": "x = 1\n"}))
    layers = read_layers(world.context(), GOOD, SearchedValues())
    found = wheel_in_image(world.context(), layers, made.artifact(path=_WHEEL))
    assert found.place == "/srv"
    assert found.changed == ()


def test_without_a_wheel_there_is_nothing_to_look_for() -> None:
    with pytest.raises(Unavailable, match="the build failed"):
        wheel_in_image(World().context(), ReadLayers((), (), ()), made.artifact(path=None))
    with pytest.raises(NotApplicable, match="is no wheel"):
        wheel_in_image(World().context(), ReadLayers((), (), ()), made.artifact(path=Path("/out/a.tar.gz")))
