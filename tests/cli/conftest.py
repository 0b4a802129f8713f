"""The place with real releases, for what stops them; an environment in which nothing was ever deployed."""

from pathlib import Path

import pytest

from hotelctl.deploy.layout import Layout
from tests.config.test_load import MINIMAL
from tests.deploy.targets.conftest import place  # noqa: F401 - fixtures are found by their names here
from tests.fakes.clock import FakeClock


@pytest.fixture
def layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Layout:
    """A project in which nothing was ever deployed."""
    (tmp_path / "hotelctl.toml").write_text(MINIMAL)
    monkeypatch.chdir(tmp_path)
    return Layout(tmp_path / ".hotelctl" / "local")


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()
