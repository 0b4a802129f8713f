"""What one release issued is asked of the next one, in the real ten steps over an environment in memory."""

import json
from collections.abc import Callable

import pytest

from hotelctl.core.chain import decode
from hotelctl.core.check import Stage
from hotelctl.core.errors import StepFailed, Unavailable, UsageError
from hotelctl.deploy.carry import CarryOver
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.layout import Layout
from tests.deploy.town import STATE, Town
from tests.deploy.town_command import Command
from tests.deploy.waiting import came_true
from tests.deploy.world import Killed

_A, _B = "a" * 40, "b" * 40
_EDGE = "http://127.0.0.1:8080"
_ENDED = {
    "results": [{"name": "P7", "status": "FAIL", "why": "the token is dead", "seconds": 1, "requests": 1}]
}
_CARRY = Layout(STATE).deploy("d2") / "carry.json"


def _deployed() -> Town:
    town = Town()
    assert Command(town).deploy("d1", _A) is Outcome.SUCCEEDED
    town.programs_run.clear()
    return town


def _carried(town: Town, name: str) -> str:
    return str(Command(town).operation(name).journal.progress().done["switch"]["carried"])


def test_the_old_release_issues_and_the_new_one_is_asked_after_the_switch() -> None:
    town = _deployed()
    assert Command(town).deploy("d2", _B) is Outcome.SUCCEEDED
    issued, checked = (run for run in town.programs_run if run[0] in {"issue", "check"})
    assert issued == ("issue", "d1", _EDGE, None, True)
    assert checked == ("check", "d2", _EDGE, '{"token": "t1"}', False)
    assert _carried(town, "d2") == "what was issued before works (3 requests)"
    assert _CARRY not in town.files.content


def test_what_does_not_work_any_more_sends_traffic_back() -> None:
    town = _deployed()
    town.programs["check"] = json.dumps(_ENDED)
    assert Command(town).deploy("d2", _B) is Outcome.ROLLED_BACK
    failure = Command(town).operation("d2").journal.progress().failure
    assert failure is not None
    assert failure.message == "P7: FAIL: the token is dead"
    assert town.serving() == "d1"


def test_what_does_not_work_turns_traffic_back_while_the_checks_still_ask() -> None:
    town = _deployed()
    town.programs["check"] = json.dumps(_ENDED)
    back: list[bool] = []

    def wait_for_the_turn(stage: Stage) -> None:
        if stage is Stage.RUNNING:
            back.append(came_true(lambda: town.serving() == "d1"))

    assert Command(town, asked=wait_for_the_turn).deploy("d2", _B) is Outcome.ROLLED_BACK
    assert back == [True]


@pytest.mark.parametrize("trouble", [UsageError("no such {template}"), Unavailable("no such program")])
def test_what_cannot_be_asked_for_turns_traffic_back_at_once_too(trouble: Exception) -> None:
    town = _deployed()
    back: list[bool] = []

    def refuse(name: str) -> None:
        if name == "check" and town.serving() == "d2":
            raise trouble

    def wait_for_the_turn(stage: Stage) -> None:
        if stage is Stage.RUNNING:
            back.append(came_true(lambda: town.serving() == "d1"))

    town.on_program = refuse
    assert Command(town, asked=wait_for_the_turn).deploy("d2", _B) is Outcome.ROLLED_BACK
    assert back == [True]
    failure = Command(town).operation("d2").journal.progress().failure
    assert failure is not None
    assert failure.message.startswith("what was issued before cannot be asked for: no such")


def test_a_rollback_is_never_turned_around() -> None:
    town = _deployed()
    assert Command(town).deploy("d2", _B) is Outcome.SUCCEEDED
    moves: list[str | None] = []

    def refuse(name: str) -> None:
        if name == "check":
            raise StepFailed("no room for evidence")

    def note(stage: Stage) -> None:
        if stage is Stage.RUNNING:
            moves.append(town.serving())

    town.on_program = refuse
    Command(town, asked=note).rollback("r3")
    assert moves == ["d1"]
    assert town.serving() == "d1"


def test_what_asking_made_goes_when_nobody_asks_any_more() -> None:
    town = _deployed()
    meanwhile: list[str] = []

    def look(stage: Stage) -> None:
        if stage is Stage.RUNNING:
            assert came_true(lambda: _CARRY not in town.files.content)
            meanwhile.extend(town.cleaned)

    assert Command(town, asked=look).deploy("d2", _B) is Outcome.SUCCEEDED
    assert town.cleaned == [*meanwhile, "d2"], "it would take along what the checks have made"


def test_a_crash_is_the_reason_although_nothing_carries_over_then() -> None:
    town = _deployed()
    town.programs["check"] = json.dumps(_ENDED)
    town.crashes = "d2"

    def crash_first(name: str) -> None:
        if name == "check":
            found = town.ground.instances["d2"]
            assert came_true(lambda: found.restarts > 0)

    town.on_program = crash_first
    assert Command(town).deploy("d2", _B) is Outcome.ROLLED_BACK
    failure = Command(town).operation("d2").journal.progress().failure
    assert failure is not None
    assert "crashed under watch" in failure.message


def test_a_release_that_cannot_issue_does_not_keep_the_next_one_out() -> None:
    town = _deployed()
    town.broken = {"issue"}
    assert Command(town).deploy("d2", _B) is Outcome.SUCCEEDED
    assert _carried(town, "d2").startswith("carry-over not asked: ")
    assert "issued nothing: said so" in _carried(town, "d2")


def test_a_rollback_goes_back_and_tells() -> None:
    town = _deployed()
    assert Command(town).deploy("d2", _B) is Outcome.SUCCEEDED
    town.programs["check"] = json.dumps(_ENDED)
    assert Command(town).rollback("r3") is Outcome.SUCCEEDED
    assert _carried(town, "r3") == "P7: FAIL: the token is dead"
    assert town.serving() == "d1"


@pytest.mark.parametrize("name", ["d1", "d2"])
def test_a_release_from_before_suites_were_kept_is_not_asked(name: str) -> None:
    town = _deployed()
    del town.files.content[Layout(STATE).pinned("d1")]
    if name == "d2":
        assert Command(town).deploy("d2", _B) is Outcome.SUCCEEDED
        assert "has no program for it" in _carried(town, "d2")
    else:
        assert _carried(town, "d1") == "nothing to carry over"


def _fail_once(town: Town) -> Callable[[], None]:
    def fail() -> None:
        town.on_route = None
        raise StepFailed("the edge refuses")

    return fail


def test_what_was_issued_is_used_up_when_the_switch_is_taken_back() -> None:
    """Nobody is left logged in."""
    town = _deployed()
    town.on_route = _fail_once(town)
    assert Command(town).deploy("d2", _B) is Outcome.ROLLED_BACK
    checked = [run for run in town.programs_run if run[0] == "check"]
    assert checked == [("check", "d1", _EDGE, '{"token": "t1"}', False)]
    assert _CARRY not in town.files.content


@pytest.mark.parametrize("trouble", [StepFailed("no such program"), Unavailable("no such program")])
def test_traffic_is_back_though_what_was_issued_cannot_be_used_up(trouble: Exception) -> None:
    town = _deployed()
    town.on_route = _fail_once(town)

    def refuse(name: str) -> None:
        if name == "check":
            raise trouble

    town.on_program = refuse
    assert Command(town).deploy("d2", _B) is Outcome.ROLLED_BACK
    undone = [
        r
        for r in Command(town).operation("d2").journal.records()
        if (r.step, r.kind.value) == ("switch", "undone")
    ]
    assert "traffic is back" in undone[0].data["summary"]
    assert "could not be used up and ends by itself: no such program" in undone[0].data["summary"]


def test_what_the_former_release_did_not_issue_is_not_told_of_it() -> None:
    """Killed before the switch was noted as done: traffic has moved, and nobody is left to issue."""
    town = _deployed()
    Command(town).deploy("d2", _B)
    records = decode(town.files.content[Layout(STATE).journal("d2")]).records
    number = next(n for n, r in enumerate(records, 1) if (r["step"], r["kind"]) == ("switch", "done"))
    town = _deployed()
    with pytest.raises(Killed):
        Command(town, number, durable=False).deploy("d2", _B)
    town.programs_run.clear()
    assert Command(town).resume("d2") is Outcome.SUCCEEDED
    assert "issue" not in {run[0] for run in town.programs_run}
    assert _carried(town, "d2") == "carry-over not asked: traffic had moved already"


def test_an_answer_is_heard_again_after_a_kill_before_the_verdict_though_it_can_be_asked_for_once() -> None:
    town = _deployed()
    assert Command(town).deploy("d2", _B) is Outcome.SUCCEEDED
    town.files.write_durable(_CARRY, b'{"token": "t1"}')
    town.programs["check"] = json.dumps(_ENDED)
    town.programs_run.clear()
    operation = Command(town).operation("d2")
    release, former = operation.candidate(), operation.former()
    assert former is not None
    (first,) = CarryOver(operation).check(release)
    killed = CarryOver(operation)
    assert (killed.issued, killed.issue(former)) == (True, "")
    (again,) = killed.check(release)
    assert (first.why, again.name, again.why, again.requests) == (again.why, "P7", first.why, 1)
    assert [run[0] for run in town.programs_run] == ["check"]
    assert not killed.check(former), "another release was not asked"
    killed.tidy()
    assert not CarryOver(operation).issued
