"""The switch over an environment in memory: what happens when the new release turns bad under watch."""

import threading

import pytest

from hotelctl.core.check import Stage
from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Kind, Outcome, fold
from hotelctl.deploy.layout import Layout
from hotelctl.deploy.traffic import arrival
from hotelctl.facts.edge_log import Answer
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.town_ports import TownHttp
from tests.deploy.town_state import COMMIT_B, deployed, journal_end, whole
from tests.deploy.waiting import came_true
from tests.deploy.world import Killed

_LAYOUT = Layout(STATE)


def test_a_crash_after_the_switch_flips_back_by_itself() -> None:
    town = deployed()
    town.crashes = "d2"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert "crashed under watch" in journal_end(town, "d2")["message"]
    assert journal_end(town, "d2")["hint"] == f"its log is kept: {_LAYOUT.kept_log('d2')}"
    whole(town, "d1")


def test_a_crash_at_the_flip_that_is_over_before_anybody_looks_flips_back_too() -> None:
    town = deployed()

    def crash() -> None:
        if town.serving() == "d2":
            town.ground.instances["d2"].restarts += 1

    town.on_route = crash
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert "crashed under watch" in journal_end(town, "d2")["message"]
    whole(town, "d1")


def test_a_crash_turns_traffic_back_while_the_checks_still_ask() -> None:
    town = deployed()
    town.crashes = "d2"
    back: list[bool] = []

    def wait_for_the_turn(name: str) -> None:
        if name == "check":
            back.append(came_true(lambda: town.serving() == "d1"))

    town.on_program = wait_for_the_turn
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert back == [True]
    whole(town, "d1")


def test_killed_after_the_early_turn_it_does_not_try_the_bad_release_again() -> None:
    town = deployed()
    town.crashes = "d2"

    def die_after_the_turn(name: str) -> None:
        if name == "check":
            assert came_true(lambda: town.serving() == "d1")
            raise Killed

    town.on_program = die_after_the_turn
    with pytest.raises(Killed):
        Command(town).deploy("d2", COMMIT_B)
    town.crashes, town.on_program = "", None
    assert Command(town).resume("d2") is Outcome.ROLLED_BACK
    assert "crashed under watch" in journal_end(town, "d2")["message"]
    whole(town, "d1")


def _switch_record(town: Town, key: str) -> int:
    """The number of the record in which the switch of d2 tells `key`."""
    records = Command(town).operation("d2").journal.records()
    return next(r.seq for r in records if (r.step, r.kind) == ("switch", Kind.EFFECT) and key in r.data)


def _traffic(town: Town) -> list[str]:
    """Where the journal of d2 says that all traffic went, one after the other."""
    records = Command(town).operation("d2").journal.records()
    return [r.data["traffic"] for r in records if "traffic" in r.data]


@pytest.mark.parametrize(
    ("key", "durable", "outcome", "moves"),
    [
        ("to", False, Outcome.STOPPED, []),
        ("to", True, Outcome.STOPPED, []),
        ("traffic", False, Outcome.ROLLED_BACK, ["d2", "d1"]),
        ("traffic", True, Outcome.ROLLED_BACK, ["d2", "d1"]),
    ],
)
def test_what_is_taken_back_says_whether_traffic_had_moved(
    key: str,
    durable: bool,  # noqa: FBT001 - before or after one write
    outcome: Outcome,
    moves: list[str],
) -> None:
    town = deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert _traffic(town) == ["d2"]
    number = _switch_record(town, key)
    town = deployed()
    with pytest.raises(Killed):
        Command(town, number, durable).deploy("d2", COMMIT_B)
    assert Command(town).abort("d2") is outcome
    assert _traffic(town) == moves
    whole(town, "d1")


def test_resumed_after_the_move_it_tells_when_traffic_came_and_claims_no_flip() -> None:
    town = deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    number = _switch_record(town, "traffic")
    town = deployed()
    with pytest.raises(Killed):
        Command(town, number, durable=False).deploy("d2", COMMIT_B)
    came = Command(town).operation("d2").journal.records()[-1].ts_utc
    town.clock.advance(3600)
    assert Command(town).resume("d2") is Outcome.SUCCEEDED
    operation = Command(town).operation("d2")
    records = operation.journal.records()
    assert arrival(Past("d2", records, fold(records)), "d2") == came
    done = operation.result("switch")
    assert (done["flip_s"], done["summary"].startswith("traffic had moved already at ")) == (None, True)


def test_a_killed_way_back_still_says_that_traffic_had_moved() -> None:
    town = deployed()
    town.crashes = "d2"
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert _traffic(town) == ["d2", "d1"]
    total = len(Command(town).operation("d2").journal.records())
    for number in range(_switch_record(town, "traffic") + 1, total + 1):
        town = deployed()
        town.crashes = "d2"
        with pytest.raises(Killed):
            Command(town, number).deploy("d2", COMMIT_B)
        assert Command(town).resume("d2") is Outcome.ROLLED_BACK
        assert _traffic(town) == ["d2", "d1"]


@pytest.mark.parametrize("stage", [Stage.RUNNING, Stage.WATCHED])
def test_a_check_that_fails_after_the_switch_sends_traffic_back(stage: Stage) -> None:
    town = deployed()
    assert Command(town, failing=stage).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    assert "OPS005 is red" in journal_end(town, "d2")["message"]
    kept = f"its log is kept: {_LAYOUT.kept_log('d2')}"
    assert journal_end(town, "d2")["hint"] == f"hotelctl explain OPS005; {kept}"
    whole(town, "d1")


def _answered(town: Town, name: str, n: int, errors: int) -> None:
    """Clients of that release get so many answers now."""
    at_s = town.clock.now().timestamp()
    found = [Answer(at_s, 500 if k < errors else 200, 0.02, "GET /page") for k in range(n)]
    town.ground.instances[name].answers += found


def _people_ask(town: Town, errors: int) -> None:
    """The release that serves answered before; the next one answers as soon as it has the traffic."""
    _answered(town, "d1", 500, 10)

    def answer() -> None:
        if town.serving() == "d2":
            _answered(town, "d2", 100, errors)

    town.on_route = answer


def test_answers_that_are_worse_than_those_before_send_traffic_back() -> None:
    town = deployed()
    _people_ask(town, 20)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.ROLLED_BACK
    said = "the new release is bad: 20 of 100 requests failed (20.0%, 2.0% of 500 before)"
    assert journal_end(town, "d2")["message"] == said
    whole(town, "d1")


def test_answers_as_those_before_are_good_and_both_are_kept() -> None:
    town = deployed()
    _people_ask(town, 2)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    done = Command(town).operation("d2").result("switch")
    assert (done["verdict"], done["watched"]["n"], done["baseline"]["errors"]) == ("good", 100, 10)
    assert "100 requests, 2.0% failed (2.0% of 500 before)" in done["summary"]


def test_the_former_release_is_asked_past_the_edge_before_and_all_the_while() -> None:
    town = deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    asked = [url for url in town.urls if f":{town.ground.instances['d1'].port}/ready" in url]
    assert len(asked) >= 10 + 15


def test_a_former_release_that_does_not_answer_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    town = deployed()
    port, answers = town.ground.instances["d1"].port, TownHttp._instance
    monkeypatch.setattr(TownHttp, "_instance", lambda self, n: None if n == port else answers(self, n))
    before = len(town.urls)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert len([url for url in town.urls[before:] if f":{port}/ready" in url]) == 1


def test_what_the_former_release_answered_long_ago_is_no_baseline() -> None:
    town = deployed()
    _answered(town, "d1", 500, 10)
    town.clock.advance(3600)
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert Command(town).operation("d2").result("switch")["baseline"]["n"] == 0


def test_after_a_rollback_nothing_is_watched_however_bad_the_answers() -> None:
    town = deployed()
    assert Command(town).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    town.on_route = lambda: _answered(town, "d1", 100, 100)
    assert Command(town).rollback("b1") is Outcome.SUCCEEDED
    assert Command(town).operation("b1").result("switch")["verdict"] == "not watched"


def test_what_came_during_the_watch_is_asked_for_when_it_is_over() -> None:
    town = deployed()
    watching: dict[Stage, bool] = {}

    def note(stage: Stage) -> None:
        watching[stage] = any(one.name.startswith("vigil") for one in threading.enumerate())

    assert Command(town, asked=note).deploy("d2", COMMIT_B) is Outcome.SUCCEEDED
    assert (watching[Stage.RUNNING], watching[Stage.WATCHED]) == (True, False)
    assert list(watching)[-1] is Stage.WATCHED
