from collections.abc import Sequence
from typing import Any

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.facts.start_time import StartTime
from tests.probes.worlds import SERVING, STATE, World


def _journal(
    world: World,
    name: str,
    to: str,
    ran: Sequence[bool] = (False,),
    **staged: Any,  # noqa: ANN401 - what the step tells
) -> None:
    """An operation that gave `to` the traffic; `ran` says of each attempt whether it ran already."""
    at = world.clock.now().isoformat()
    starts = [("stage", "effect", {"starting": to, "ran": one}) for one in ran]
    told = [*starts, ("stage", "done", staged), ("switch", "effect", {"to": to})]
    text, before = b"", GENESIS
    for number, (step, kind, data) in enumerate(told, 1):
        line = encode({"step": step, "kind": kind, "data": data, "ts_utc": at}, number, before)
        text, before = text + line, digest(line)
    path = STATE / "deploys" / name / "journal.jsonl"
    world.files.write_durable(path, text)
    world.journals = (*world.journals, path)


def _world(**run: Any) -> World:  # noqa: ANN401 - keys of [run]
    world = World(run={"command": ["run"], **run})
    world.serving = SERVING
    return world


def test_the_newest_operation_that_gave_the_traffic_tells() -> None:
    world = _world(ready_budget_s=5)
    _journal(world, "r1", "r1", ready_s=9.5)
    _journal(world, "b1", "r1", ready_s=0.75)
    _journal(world, "r2", "r2", ready_s=3.0)
    found: StartTime = world.fact(StartTime)
    shown = ".hotelctl/local/deploys/b1/journal.jsonl"
    assert (found.release, found.path, found.ready_s, found.budget_s) == ("r1", shown, 0.75, 5)


def test_a_release_that_ran_already_is_told_by_the_operation_that_started_it() -> None:
    world = _world(ready_budget_s=5)
    _journal(world, "r1", "r1", ready_s=3.1)
    _journal(world, "back", "r1", (True,), ready_s=0.4)
    assert world.fact(StartTime).ready_s == 3.1
    resumed = _world(ready_budget_s=5)
    _journal(resumed, "r1", "r1", (False, True), ready_s=1.1)
    assert "does not tell how long the release took to be ready" in resumed.why_not(StartTime)


def test_where_nothing_tells_it_is_not_known() -> None:
    world = _world(ready_budget_s=5)
    assert world.why_not(StartTime) == "Unavailable: no journal tells how this release came to serve"
    _journal(world, "r1", "r1")
    assert "journal.jsonl does not tell how long the release took" in world.why_not(StartTime)


def test_without_a_budget_or_a_release_the_question_does_not_arise() -> None:
    assert "names no time to be ready, [run] ready_budget_s" in _world().why_not(StartTime)
    world = _world(ready_budget_s=5)
    world.serving = None
    assert world.why_not(StartTime).startswith("NotApplicable: ")
