"""`hotelctl watch` over a release that serves: three verdicts, and nothing is changed."""

import signal
import time
from collections.abc import Iterator

import pytest

from tests.system.conftest import a_site
from tests.system.running import Running
from tests.system.site import Site
from tests.system.tidiness import serving
from tests.system.turning import become, people, prepare

pytestmark = pytest.mark.system


@pytest.fixture(scope="module")
def quiet() -> Iterator[Site]:
    """A good release serves, and nobody asks it."""
    with a_site(words="") as made:
        prepare(made, 0.3)
        yield made


def test_what_nobody_asks_is_not_proven(quiet: Site) -> None:
    ended = quiet.run("watch", "--for", "2s").expect(3)
    assert "not proven" in ended.out
    assert "nobody else asked" in ended.out
    assert "[1/1] watch" in ended.err


def test_what_people_are_answered_well_is_good(quiet: Site) -> None:
    before = quiet.operations(), serving(quiet)
    with people(quiet):
        told = quiet.facts("watch", "--for", "5")
    assert told["verdict"] == "good"
    assert told["requests"]["n"] >= 50
    assert told["requests"]["errors"] == 0
    assert told["synthetic_probes"] > 0
    assert (quiet.operations(), serving(quiet)) == before


def test_one_that_turns_bad_is_told_at_once_and_left_where_it_is(quiet: Site) -> None:
    become(quiet, "errors")
    quiet.deploy().expect(0)
    before = serving(quiet)
    with people(quiet):
        began = time.monotonic()
        ended = quiet.run("watch", "--for", "10m", "--format", "json").expect(1)
    assert time.monotonic() - began < 60
    assert '"verdict": "bad"' in ended.out
    assert "requests failed" in ended.err
    assert "hotelctl rollback" in ended.err
    assert serving(quiet) == before


def test_it_ends_with_ctrl_c_and_knows_what_is_no_time(quiet: Site) -> None:
    assert "is no time" in quiet.run("watch", "--for", "soon").expect(2).err
    running = Running.of(quiet, "watch")
    running.work(0.8)
    running.send(signal.SIGINT)
    assert running.end().code in {130, -signal.SIGINT}


def test_where_nothing_is_deployed_there_is_nothing_to_watch(bare: Site) -> None:
    assert "nothing is deployed" in bare.run("watch", "--for", "1s").expect(2).err
