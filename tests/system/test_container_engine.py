"""The engine that tests build and run on, and the image that they build on."""

import os
from typing import TYPE_CHECKING

import pytest

from hotelctl.adapters.docker_engine import docker_engine
from hotelctl.core.errors import Unavailable
from tests.engine import BASE

if TYPE_CHECKING:
    from docker import DockerClient

pytestmark = [pytest.mark.system, pytest.mark.engine]


def test_a_container_of_the_base_runs_and_has_what_services_are_built_with(engine: "DockerClient") -> None:
    words = ["sh", "-c", "python --version && python -m venv /srv/one && /srv/one/bin/pip --version"]
    said = engine.containers.run(BASE, words, remove=True, network_mode="none")
    assert said.startswith(b"Python 3.")
    assert b"\npip " in said


def test_what_the_engine_refuses_is_told_in_its_words(engine: "DockerClient") -> None:
    with (
        pytest.raises(Unavailable, match=r"^the container engine refuses: no such image: nobody/has-it"),
        docker_engine(os.environ, 60) as client,
    ):
        client.images.get("nobody/has-it")
    assert engine.ping()
