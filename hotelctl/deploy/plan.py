"""What comes next, as a pure function of what the journal holds.

Invariant: no step begins before the one in front of it is done; once something failed or a person
aborted, begun steps are undone in reverse and none begins again; a step that was undone stays so.
"""

from dataclasses import dataclass

from hotelctl.deploy.journal import TRAFFIC, Outcome, Progress


@dataclass(frozen=True, slots=True)
class Apply:
    """Run a step forward; it may have been begun before."""

    step: str


@dataclass(frozen=True, slots=True)
class Undo:
    """Take a step back; it may have been half done or half undone."""

    step: str


@dataclass(frozen=True, slots=True)
class Finish:
    """Nothing is left to do."""

    outcome: Outcome


Move = Apply | Undo | Finish


@dataclass(frozen=True, slots=True)
class Plan:
    """Steps in order; once `visible` has moved traffic, people outside can see the operation.

    `turns_back` is False for a rollback: once visible, it fails into the frozen state, because a
    second rollback could only make things worse. A failure after the finished switch freezes likewise.
    """

    steps: tuple[str, ...]
    visible: str = "switch"
    turns_back: bool = True

    def next_move(self, progress: Progress) -> Move:
        """The one move that follows from `progress`."""
        if progress.outcome is not None:
            return Finish(progress.outcome)
        if progress.failure is not None and progress.failure.frozen:
            return Finish(Outcome.FROZEN)
        if progress.failure is not None and self.past_return(progress):
            return Finish(Outcome.FROZEN)
        if progress.failure is not None and self.seen(progress) and not self.turns_back:
            return Finish(Outcome.FROZEN)
        if progress.failure is not None or progress.aborted:
            return self._back(progress)
        waiting = (step for step in self.steps if step not in progress.done)
        ahead = next(waiting, None)
        return Finish(Outcome.SUCCEEDED) if ahead is None else Apply(ahead)

    def _back(self, progress: Progress) -> Move:
        begun = (step for step in reversed(self.steps) if step in progress.begun)
        last = next((step for step in begun if step not in progress.undone), None)
        if last is not None:
            return Undo(last)
        return Finish(Outcome.ROLLED_BACK if self.seen(progress) else Outcome.STOPPED)

    def seen(self, progress: Progress) -> bool:
        """Whether traffic was ever sent elsewhere by this operation."""
        return progress.effect(self.visible, TRAFFIC) is not None

    def past_return(self, progress: Progress) -> bool:
        """Whether the switch is done, so that only forward or a rollback is left."""
        return self.visible in progress.done
