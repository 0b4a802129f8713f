"""Environments for the tests of whole deployments."""

from collections.abc import Iterator

import pytest

from tests.system.site import Site, site


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The second service, deployed once and serving; the tests of a module share it."""
    with site(tmp_path_factory.mktemp("site"), quick=True) as made:
        made.deploy().expect(0)
        yield made
