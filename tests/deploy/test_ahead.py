"""Programs that wait to be told load while the release starts, and again while traffic moves to it."""

from hotelctl.deploy.journal import Outcome
from tests.deploy.town import Town
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_A, COMMIT_B


def _second_deploy(town: Town, *broken: str) -> Outcome:
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    town.ahead.clear()
    town.programs_run.clear()
    town.broken = set(broken)
    return Command(town).deploy("d2", COMMIT_B)


def test_they_load_before_the_release_is_ready_and_before_traffic_moves() -> None:
    town = Town()
    assert _second_deploy(town) is Outcome.SUCCEEDED
    (program, alone, before), (_, over, _), (_, edge, moving), check, _, (_, end, after) = town.ahead
    assert (program, before, moving, after) == ("ask of d2", "d1", "d1", "d2")
    assert (over, end) == ("over", "over")
    assert check == ("check of d2", edge, "d1")
    told = {url: stdin for name, _, url, stdin, _ in town.programs_run if name == "ask"}
    assert told == {alone: "\n"}
    assert alone != edge


def test_a_first_release_carries_nothing_over_so_nothing_loads_for_it() -> None:
    town = Town()
    assert Command(town).deploy("d1", COMMIT_A) is Outcome.SUCCEEDED
    assert {program for program, _, _ in town.ahead} == {"ask of d1"}


def test_nothing_waits_any_longer_when_the_release_never_becomes_ready() -> None:
    town = Town()
    assert _second_deploy(town, "ready") is Outcome.STOPPED
    assert [what for _, what, _ in town.ahead][1:] == ["over"]
    assert not town.programs_run


def test_nothing_that_loads_keeps_traffic_from_going_back() -> None:
    town = Town()
    assert _second_deploy(town) is Outcome.SUCCEEDED
    town.ahead.clear()
    assert Command(town).rollback("r1") is Outcome.SUCCEEDED
    assert town.serving() == "d1"
    assert town.ahead == []
