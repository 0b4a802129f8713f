from hypothesis import given
from hypothesis import strategies as st

from hotelctl.deploy.journal import Failure, Outcome, Progress
from hotelctl.deploy.plan import Apply, Finish, Plan, Undo

_STEPS = ("a", "b", "switch", "d")


@st.composite
def _progress(draw: st.DrawFn) -> Progress:
    reached = draw(st.integers(0, len(_STEPS)))
    done = draw(st.integers(max(0, reached - 1), reached))
    begun = _STEPS[:reached]
    undone = frozenset(begun[draw(st.integers(0, reached)) :])
    failed = draw(st.booleans()) and reached > done
    return Progress(
        begun=begun,
        done={step: {} for step in _STEPS[:done]},
        effects={"switch": ({"traffic": "x"},)} if "switch" in begun and draw(st.booleans()) else {},
        undone=undone if failed else frozenset(),
        failure=Failure(begun[-1], "no", frozen=draw(st.booleans())) if failed else None,
    )


@given(_progress())
def test_no_step_begins_before_the_one_in_front_of_it_is_done(progress: Progress) -> None:
    move = Plan(_STEPS).next_move(progress)
    if isinstance(move, Apply):
        before = _STEPS[: _STEPS.index(move.step)]
        assert progress.failure is None
        assert all(step in progress.done for step in before)
        assert move.step not in progress.done


@given(_progress())
def test_only_begun_steps_are_undone_and_the_last_one_first(progress: Progress) -> None:
    move = Plan(_STEPS).next_move(progress)
    if isinstance(move, Undo):
        after = _STEPS[_STEPS.index(move.step) + 1 :]
        assert progress.failure is not None
        assert move.step in progress.begun
        assert all(step in progress.undone for step in after if step in progress.begun)


@given(_progress())
def test_success_needs_every_step_and_frozen_never_moves(progress: Progress) -> None:
    move = Plan(_STEPS).next_move(progress)
    if move == Finish(Outcome.SUCCEEDED):
        assert set(progress.done) == set(_STEPS)
    if progress.failure is not None and progress.failure.frozen:
        assert move == Finish(Outcome.FROZEN)


def test_taken_back_before_and_after_the_switch_are_told_apart() -> None:
    failure, plan = Failure("switch", "no"), Plan(_STEPS)
    begun, undone = _STEPS[:3], frozenset(_STEPS[:3])
    unseen = Progress(begun=begun, undone=undone, failure=failure)
    meant = {"to": "x"}
    written = Progress(begun=begun, undone=undone, failure=failure, effects={"switch": (meant,)})
    seen = Progress(
        begun=begun, undone=undone, failure=failure, effects={"switch": (meant, {"traffic": "x"})}
    )
    assert plan.next_move(unseen) == Finish(Outcome.STOPPED)
    assert plan.next_move(written) == Finish(Outcome.STOPPED)
    assert plan.next_move(seen) == Finish(Outcome.ROLLED_BACK)
