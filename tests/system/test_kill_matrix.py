"""`kill -9` at every journal record of a deploy: it can always be ended, forward or back, and leaves nothing.

The whole matrix is 200 kills on each target. Always run: over a serving release, with a migration and under
load, one kill before each record, then `resume`; and, there and in a first deploy, before the records of what
lasts, then `abort` or `resume`; of containers four kills. The kills behind each record, the rest of a first
deploy and the others of containers are run by HOTELCTL_KILL_MATRIX=all; without it the tests of the whole are
shown as skipped.
"""

import os
from collections.abc import Callable, Iterable
from typing import Literal

import pytest

from hotelctl.adapters.load.run import Load
from hotelctl.deploy.journal import Kind
from tests.load.background import under_load
from tests.system.journals import outcome
from tests.system.killing import (
    Fatal,
    Kill,
    assert_serves,
    assert_taken_back,
    every_kill,
    strike,
    stumble,
    unrecorded_work,
)
from tests.system.site import Site
from tests.system.tidiness import serving

pytestmark = pytest.mark.system
WHOLE = pytest.mark.skipif(
    os.environ.get("HOTELCTL_KILL_MATRIX") != "all",
    reason="takes half an hour: HOTELCTL_KILL_MATRIX=all runs the kills that are left out otherwise",
)


def run(site: Site, kills: Iterable[Fatal], prepare: Callable[[], object]) -> dict[str, int]:
    """How many kills ended how; all are tried, and those that went wrong are told together."""
    ends: dict[str, int] = {}
    wrong: list[str] = []
    for kill in kills:
        prepare()
        try:
            end = strike(site, kill)
        except AssertionError as error:
            wrong.append(f"{kill}: {error}")
            end = "wrong"
        ends[end] = ends.get(end, 0) + 1
        print(kill, end)  # noqa: T201 - shown by pytest when the matrix fails
    assert not wrong, "\n\n".join(wrong)
    return ends


def over_a_serving_release(site: Site, choose: Callable[[Site], Iterable[Fatal]]) -> dict[str, int]:
    """Each kill is of a deploy with a migration over what serves; a client asks and never retries."""
    site.deploy().expect(0)
    site.migrate()
    site.deploy().expect(0)
    with under_load(Load(f"{site.url}/notes", rate=50, connections=4)) as load:
        ends = run(site, choose(site), site.migrate)
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"]), load.summary
    print(ends, load.summary["sent"], "requests")  # noqa: T201 - the figures
    return ends


def of_a_first_deploy(site: Site, choose: Callable[[Site], Iterable[Fatal]]) -> dict[str, int]:
    """The kills, each of the first deploy of an environment."""
    site.deploy().expect(0)
    ends = run(site, choose(site), site.forget)
    print(ends)  # noqa: T201 - the figures of the matrix
    return ends


def test_a_deploy_killed_at_any_record_is_resumed(bare: Site) -> None:
    ends = over_a_serving_release(bare, lambda site: every_kill(site.records(), "resume")[::2])
    assert ends == {"nothing begun": 1, "succeeded": sum(ends.values()) - 1}


def test_a_deploy_killed_in_unrecorded_work_is_taken_back(bare: Site) -> None:
    ends = over_a_serving_release(bare, lambda site: unrecorded_work(site.records(), "abort"))
    assert set(ends) == {"stopped", "rolled_back"}


def test_a_first_deploy_killed_in_unrecorded_work_is_resumed(bare: Site) -> None:
    ends = of_a_first_deploy(bare, lambda site: unrecorded_work(site.records(), "resume"))
    assert set(ends) == {"succeeded"}


def test_a_first_deploy_killed_in_unrecorded_work_is_taken_back(bare: Site) -> None:
    first = Kill("before", 1, "abort")
    ends = of_a_first_deploy(bare, lambda site: (first, *unrecorded_work(site.records(), "abort")))
    assert set(ends) == {"nothing begun", "stopped", "rolled_back"}


def test_commands_that_are_all_killed_still_get_there_and_back(served: Site) -> None:
    flipped = next(r.seq for r in served.records() if r.kind is Kind.EFFECT and "traffic" in r.data)
    former, commit = serving(served), served.migrate()
    with under_load(Load(f"{served.url}/notes", rate=50, connections=4)) as load:
        killed = [stumble(served, ("deploy", "--yes"), "resume")]
        assert_serves(served, served.operations()[-1], commit, former)
        killed.append(stumble(served, ("rollback",), "resume"))
        assert serving(served) == former
        served.migrate()
        killed.append(stumble(served, ("deploy", "--yes"), "abort", fault=f"after@{flipped}"))
        assert outcome(served.records()) == "rolled_back"
        assert_taken_back(served, former)
    assert min(killed) >= 3, killed
    assert (load.summary["failed"], load.summary["ok"]) == (0, load.summary["sent"]), load.summary
    served.run("report", "verify").expect(0)


@pytest.mark.engine
def test_a_deploy_of_containers_killed_where_it_is_hardest_goes_on_or_back(moored: Site) -> None:
    ends = over_a_serving_release(moored, _hardest)
    assert ends == {"stopped": 2, "succeeded": 2}


def _hardest(site: Site) -> list[Kill]:
    """Before records that say what was done on the engine."""
    found = {f"{r.step} {r.kind}": r.seq for r in site.records() if r.kind in {Kind.EFFECT, Kind.DONE}}
    ways: dict[str, Literal["resume", "abort"]] = {
        "build done": "abort",
        "stage effect": "resume",
        "stage done": "abort",
        "switch effect": "resume",
    }
    return [Kill("before", found[at], way) for at, way in ways.items()]


@WHOLE
@pytest.mark.parametrize("way", ["resume", "abort"])
def test_every_kill_over_a_serving_release(anywhere: Site, way: Literal["resume", "abort"]) -> None:
    ends = over_a_serving_release(anywhere, lambda site: every_kill(site.records(), way))
    assert "wrong" not in ends


@WHOLE
@pytest.mark.parametrize("way", ["resume", "abort"])
def test_every_kill_of_a_first_deploy(anywhere: Site, way: Literal["resume", "abort"]) -> None:
    ends = of_a_first_deploy(anywhere, lambda site: every_kill(site.records(), way))
    assert "wrong" not in ends
