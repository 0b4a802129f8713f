import errno
import os

import pytest

from hotelctl.core.errors import Interrupted
from hotelctl.deploy.journal import Kind, Outcome
from tests.deploy.world import Killed, Run, Thing, World, settled
from tests.fakes.files import FakeFiles

_RECORDS = 11


def test_all_steps_lead_to_success_and_every_move_is_framed_by_records() -> None:
    files, world = FakeFiles(), World()
    assert Run(files, world).go().outcome is Outcome.SUCCEEDED
    assert settled(world, Outcome.SUCCEEDED)
    kinds = [record.kind for record in Run(files, world).journal().records()]
    assert kinds.count(Kind.INTENT) == kinds.count(Kind.DONE) == 4
    assert len(kinds) == _RECORDS
    assert kinds[-1] is Kind.OUTCOME


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("number", range(1, _RECORDS + 1))
def test_a_kill_at_any_record_is_resumed_to_success(number: int, durable: bool) -> None:  # noqa: FBT001
    files, world = FakeFiles(), World()
    with pytest.raises(Killed):
        Run(files, world, kill_at=number, durable=durable).go()
    assert Run(files, world).go().outcome is Outcome.SUCCEEDED
    assert settled(world, Outcome.SUCCEEDED)


@pytest.mark.parametrize("durable", [False, True])
@pytest.mark.parametrize("number", range(1, _RECORDS + 1))
def test_a_kill_at_any_record_can_be_aborted(number: int, durable: bool) -> None:  # noqa: FBT001
    files, world = FakeFiles(), World()
    with pytest.raises(Killed):
        Run(files, world, kill_at=number, durable=durable).go()
    outcome = Run(files, world).go(abort=True).outcome
    assert settled(world, outcome)


@pytest.mark.parametrize("second", range(2, 24))
@pytest.mark.parametrize("refuses", ["build", "stage", "switch"])
def test_a_kill_while_turning_back_still_ends_clean(refuses: str, second: int) -> None:
    files, world = FakeFiles(), World()
    try:
        outcome = Run(files, world, kill_at=second, refuses=refuses).go().outcome
    except Killed:
        outcome = Run(files, world, refuses=refuses).go().outcome
    expected = Outcome.ROLLED_BACK if refuses == "switch" else Outcome.STOPPED
    assert outcome is expected
    assert settled(world, outcome)


def test_a_failed_step_is_told_with_its_hint() -> None:
    files, world = FakeFiles(), World()
    Run(files, world, refuses="stage").go()
    failure = Run(files, world).journal().progress().failure
    assert failure is not None
    assert (failure.step, failure.message, failure.hint) == ("stage", "stage refuses", "mend it")


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EROFS])
def test_a_disk_that_refuses_is_taken_back_like_any_no(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    files, world = FakeFiles(), World()

    def refuse(thing: Thing) -> dict[str, str]:
        raise OSError(number, os.strerror(number), f"/state/{thing.name}")

    monkeypatch.setattr(Thing, "apply", refuse)
    assert Run(files, world).go().outcome is Outcome.STOPPED
    failure = Run(files, world).journal().progress().failure
    assert failure is not None
    assert failure.message == f"/state/build: {os.strerror(number)}"
    assert failure.hint


def test_a_file_that_is_missing_is_a_bug_and_stays_open(monkeypatch: pytest.MonkeyPatch) -> None:
    files, world = FakeFiles(), World()

    def miss(thing: Thing) -> dict[str, str]:
        raise FileNotFoundError(errno.ENOENT, "gone", thing.name)

    monkeypatch.setattr(Thing, "apply", miss)
    with pytest.raises(FileNotFoundError):
        Run(files, world).go()
    assert Run(files, world).journal().progress().outcome is None


def test_an_undo_that_fails_freezes_and_stays_frozen() -> None:
    files, world = FakeFiles(), World()
    run = Run(files, world, refuses="stage", undo_refuses="build")
    assert run.go().outcome is Outcome.FROZEN
    failure = Run(files, world).journal().progress().failure
    assert failure is not None
    assert failure.message == (
        "could not be taken back: stuck (it turned round because step stage failed: stage refuses)"
    )
    acts = world.acts
    assert Run(files, world).go().outcome is Outcome.FROZEN
    assert world.acts == acts


def test_a_rollback_that_fails_once_visible_freezes_instead_of_turning_round() -> None:
    files, world = FakeFiles(), World()
    assert Run(files, world, refuses="switch", turns_back=False).go().outcome is Outcome.FROZEN
    assert world.traffic == "new"


def test_a_failure_after_the_finished_switch_leaves_traffic_where_it_is() -> None:
    files, world = FakeFiles(), World()
    assert Run(files, world, refuses="finish").go().outcome is Outcome.FROZEN
    assert world.traffic == "new"


def test_a_request_to_stop_ends_between_two_moves_and_can_be_resumed() -> None:
    files, world = FakeFiles(), World()
    with pytest.raises(Interrupted) as stopped:
        Run(files, world).go(stop=True)
    assert stopped.value.hint == "hotelctl resume goes on, hotelctl abort takes it back"
    assert Run(files, world).go().outcome is Outcome.SUCCEEDED


def test_a_finished_operation_does_nothing_when_driven_again() -> None:
    files, world = FakeFiles(), World()
    Run(files, world).go()
    before, acts = len(Run(files, world).journal().records()), world.acts
    assert Run(files, world).go().outcome is Outcome.SUCCEEDED
    assert (len(Run(files, world).journal().records()), world.acts) == (before, acts)
