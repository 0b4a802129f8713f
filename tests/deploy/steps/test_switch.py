"""The switch over an environment in memory: what happens when the new release turns bad under watch."""

import threading
import time

import pytest

from hotelctl.core.check import Stage
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from tests.deploy.town import STATE
from tests.deploy.town_command import Command
from tests.deploy.town_state import COMMIT_B, deployed, journal_end, whole
from tests.deploy.world import Killed

_LAYOUT = Layout(STATE)


def test_a_crash_after_the_switch_flips_back_by_itself() -> None:
    town = deployed()
    town.crashes = "d2"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert "crashed under watch" in journal_end(town, "d2")["message"]
    assert journal_end(town, "d2")["hint"] == f"its log is kept: {_LAYOUT.kept_log('d2')}"
    whole(town, "d1")


def test_a_crash_turns_traffic_back_while_the_checks_still_ask() -> None:
    town = deployed()
    town.crashes = "d2"
    back: list[bool] = []

    def wait_for_the_turn(name: str) -> None:
        if name == "check":
            end = time.monotonic() + 60
            while town.serving() != "d1" and time.monotonic() < end:
                time.sleep(0.01)
            back.append(town.serving() == "d1")

    town.on_program = wait_for_the_turn
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert back == [True]
    whole(town, "d1")


def test_killed_after_the_early_turn_it_does_not_try_the_bad_release_again() -> None:
    town = deployed()
    town.crashes = "d2"

    def die_after_the_turn(name: str) -> None:
        if name == "check":
            end = time.monotonic() + 60
            while town.serving() != "d1" and time.monotonic() < end:
                time.sleep(0.01)
            raise Killed

    town.on_program = die_after_the_turn
    with pytest.raises(Killed):
        Command(town).deploy("d2", COMMIT_B)
    town.crashes, town.on_program = "", None
    assert Command(town).resume("d2") is Outcome.ROLLED_BACK
    assert "crashed under watch" in journal_end(town, "d2")["message"]
    whole(town, "d1")


@pytest.mark.parametrize("stage", [Stage.RUNNING, Stage.WATCHED])
def test_a_check_that_fails_after_the_switch_sends_traffic_back(stage: Stage) -> None:
    town = deployed()
    assert Command(town, failing=stage).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert "OPS005 is red" in journal_end(town, "d2")["message"]
    kept = f"its log is kept: {_LAYOUT.kept_log('d2')}"
    assert journal_end(town, "d2")["hint"] == f"hotelctl explain OPS005; {kept}"
    whole(town, "d1")


def test_what_came_during_the_watch_is_asked_for_when_it_is_over() -> None:
    town = deployed()
    watching: dict[Stage, bool] = {}

    def note(stage: Stage) -> None:
        watching[stage] = any(one.name.startswith("vigil") for one in threading.enumerate())

    assert Command(town, asked=note).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert (watching[Stage.RUNNING], watching[Stage.WATCHED]) == (True, False)
    assert list(watching)[-1] is Stage.WATCHED
