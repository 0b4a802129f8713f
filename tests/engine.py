"""The machine's own container engine, for tests that build images and run containers.

CI starts one before the tests (.ci/engine), so that one that is missing is a failure there; elsewhere what
needs it is skipped, and says why.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from typing import TYPE_CHECKING, NoReturn

import pytest

from hotelctl.core.errors import Unavailable

if TYPE_CHECKING:
    from docker import DockerClient

BASE = "hotelctl-base:tests"
POSTGRES = "hotelctl-postgres:tests"
COMPOSE = "/usr/bin/docker-compose"
"""Debian's, which reads compose files without the plugin that the newer engines have."""
_PATIENCE_S = 120
_MAKES = ".ci/engine starts one and makes the images"


@pytest.fixture(scope="session")
def engine() -> "Iterator[DockerClient]":
    """It answers, and has the images `BASE` and `POSTGRES`."""
    from hotelctl.adapters.docker_engine import docker_engine  # noqa: PLC0415 - most tests need none

    with ExitStack() as opened:
        try:
            client = opened.enter_context(docker_engine(os.environ, _PATIENCE_S))
            tags = {tag for one in client.images.list() for tag in one.tags}
        except Unavailable as trouble:
            absent(trouble.reason)
        if missing := {BASE, POSTGRES} - tags:
            absent(f"the engine has no image {min(missing)}")
        yield client


def absent(why: str) -> NoReturn:
    """Ends a test that needs an engine: as failed in CI, as skipped elsewhere."""
    assert not os.environ.get("CI"), f"{why}: {_MAKES}"
    pytest.skip(f"{why}; {_MAKES}")
