"""What is called left over on a container engine: else the kill matrix of containers could not fail."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.system.site import Site
from tests.system.tidiness import assert_moored

pytestmark = pytest.mark.system


def _site(place: Path, **has: Any) -> Site:  # noqa: ANN401 - each its own kind
    """One that has one good release, `r1`, and on the engine what is named, else what it should."""
    usual = {"releases": {"c1": "r1"}, "networks": ["n"], "images": {"i1"}} | has
    site = Site(place, 1, place)
    release = site.state / "releases" / "r1"
    release.mkdir(parents=True)
    (release / "good.json").touch()
    (release / "manifest.json").write_text(json.dumps({"image": "i1"}))
    wharf: Any = SimpleNamespace(**{name: lambda one=one: one for name, one in usual.items()})
    site.wharf = wharf
    return site


def test_what_a_good_release_has_is_no_orphan(tmp_path: Path) -> None:
    assert_moored(_site(tmp_path), set())


@pytest.mark.parametrize(
    "has",
    [
        {"releases": {"c1": "r1", "c2": "r2"}},
        {"releases": {"c1": "r1", "c2": "r1"}},
        {"networks": ["n", "m"]},
        {"images": {"i1", "i2"}},
    ],
)
def test_anything_else_is(tmp_path: Path, has: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        assert_moored(_site(tmp_path, **has), set())
