"""A release that turns bad under watch is taken back by itself; one that is as good as the former is not.

`HOTELCTL_TURNING=all` deploys twenty healthy ones; two are deployed otherwise.
"""

import os
from collections.abc import Iterator

import pytest

from tests.system.conftest import a_site
from tests.system.site import Site
from tests.system.tidiness import serving
from tests.system.turning import healthy, people, prepare, turned

pytestmark = pytest.mark.system
HEALTHY = 20 if os.environ.get("HOTELCTL_TURNING") == "all" else 2


@pytest.fixture(scope="module")
def asked() -> Iterator[Site]:
    """A good release serves, and people ask it."""
    with a_site(words="") as made:
        prepare(made, 20)
        with people(made):
            yield made


@pytest.mark.parametrize(
    ("kind", "within_s", "why"),
    [
        ("errors", 15, "requests failed"),
        ("slow", 15, "p95 of GET /notes is"),
        ("crash", 3, "crashed under watch"),
        ("leak", 15, "it holds"),
    ],
)
def test_what_turns_bad_is_taken_back(asked: Site, kind: str, within_s: float, why: str) -> None:
    before = serving(asked)
    found = turned(asked, kind)
    assert found.code == 11, found
    assert why in found.why
    assert found.back_s is not None
    assert found.back_s <= within_s, found
    assert serving(asked) == before


def test_two_in_a_hundred_that_fail_as_before_are_no_reason(bare: Site) -> None:
    prepare(bare, 6, "healthy")
    with people(bare):
        for _ in range(HEALTHY):
            code, told = healthy(bare)
            assert (code, told.get("verdict")) == (0, "good"), told
            assert told["baseline"]["errors"] > 0
