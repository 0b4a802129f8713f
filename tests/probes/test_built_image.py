from dataclasses import replace
from pathlib import Path

import pytest

from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.images import BuiltImage
from hotelctl.facts.object_search import SearchedValues
from hotelctl.facts.secret_copies import SecretValues
from hotelctl.probes.built_image import built_image, image_settings
from hotelctl.probes.image_layers import image_layers
from hotelctl.probes.layer_leaks import layer_leaks
from hotelctl.probes.read_layers import read_layers
from tests.checks.docker.images import GOOD
from tests.facts.test_archives import zipped
from tests.fakes.processes import FakeProcesses
from tests.probes import real
from tests.probes.test_tree_leaks import clean_answer, token
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
    layers = read_layers(world.context(), GOOD, SearchedValues())
    found = image_layers(world.context(), layers, SecretValues((), frozenset(), ()))
    assert world.evidence.of("docker")
    assert (found.layers, found.files) == (1, 2)
    assert [one.path for one in found.found] == ["srv/.env"]


def test_without_a_name_there_is_nothing_to_ask() -> None:
    with pytest.raises(NotApplicable, match=r"docker\.image"):
        built_image(World().context())


def test_its_layers_are_given_to_the_scanner_once() -> None:
    world, processes = World(docker={"image": "notes:1"}), FakeProcesses()
    processes.answer(("fs",), clean_answer("layers.tar"))
    world.images.there["notes:1"] = GOOD
    world.images.files = {"srv/a": b"-", "usr/share/b": b"-"}
    context = replace(world.context(), processes=processes)
    first = layer_leaks(context, GOOD)
    assert (first.layers, first.files, first.found) == (1, 1, ())
    assert first.argv[:2] == ("betterleaks", "fs")
    assert layer_leaks(context, GOOD) == first
    assert len(processes.commands) == 1
    world.images.below, world.images.files = [world.images.files], {"srv/c": b"-"}
    assert layer_leaks(context, GOOD).files == 2
    assert len(processes.commands) == 2, "the new layer alone was searched"
    assert not world.files.exists(context.workspace / "layers.tar")


@pytest.mark.system
def test_what_the_scanner_finds_in_them_is_told_without_the_value(tmp_path: Path) -> None:
    world, value = World(), token()
    world.images.there["notes:1"] = GOOD
    line = f'A = "{value}"\n'.encode()
    world.images.files = {"srv/a.py": b"\n" + line, "srv/b.whl": zipped({"c.py": line}), "usr/share/d": line}
    found = layer_leaks(real.context(tmp_path, tmp_path / "work", world), GOOD)
    told = [(one.leak.rule, one.leak.path, one.leak.line) for one in found.found]
    assert told == [("github-pat", "srv/a.py", 2), ("github-pat", "srv/b.whl!c.py", 1)]
    assert value not in repr((found, world.evidence.records, world.evidence.outputs))
