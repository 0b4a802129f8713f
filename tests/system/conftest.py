"""Environments for the tests of whole deployments."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.system.bad_input_fixtures import (  # noqa: F401 - fixtures are found by their names here
    bad_input_world,
    deployed,
    guarded_server,
    open_place,
    victim,
)
from tests.system.site import Site, site
from tests.system.tidiness import assert_nothing_runs
from tests.system.wharf import cleared, driven, on_docker

if TYPE_CHECKING:
    from docker import DockerClient


@contextmanager
def a_site(words: str = "stored or healthy") -> Iterator[Site]:
    """An environment in a directory of its own.

    Not below pytest's: each new run as root closes that one for everybody else, and with it for the account
    that PostgreSQL runs under there.
    """
    with tempfile.TemporaryDirectory(prefix="site-") as parent:
        with site(Path(parent).resolve(), words=words) as made:
            yield made
        assert_nothing_runs(made)


@pytest.fixture
def bare() -> Iterator[Site]:
    """The second service, committed and never deployed; its tests need no database."""
    with a_site(words="") as made:
        yield made


@pytest.fixture(scope="module")
def served() -> Iterator[Site]:
    """The second service, deployed once and serving; the tests of a module share it."""
    with a_site() as made:
        made.deploy().expect(0)
        yield made


@pytest.fixture
def moored(engine: "DockerClient") -> Iterator[Site]:
    """The same, to be served from containers."""
    driven(engine)
    with a_site(words="") as made, cleared(engine, made):
        yield on_docker(made)


@pytest.fixture(params=["process", pytest.param("docker", marks=pytest.mark.engine)])
def anywhere(request: pytest.FixtureRequest) -> Site:
    """The second service, committed and never deployed; on either target."""
    found: Site = request.getfixturevalue("moored" if request.param == "docker" else "bare")
    return found
