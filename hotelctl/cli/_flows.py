"""What deploy, rollback, resume and abort do, from the lock to the exit code."""

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotelctl.cli._ending import ELSEWHERE, LOOK, failing_now
from hotelctl.cli._operating import Operator
from hotelctl.cli._presentation import Presentation
from hotelctl.cli._reached_there import require_reached_there
from hotelctl.cli._session import Session, exit_code, session
from hotelctl.cli._wiring import Asked, unrecorded_repository
from hotelctl.config.load import Configuration
from hotelctl.core.errors import (
    Blocked,
    Frozen,
    HotelctlError,
    Interrupted,
    RolledBack,
    StepFailed,
    UsageError,
)
from hotelctl.deploy.conduct import Conduct
from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Failure, Outcome
from hotelctl.deploy.operation import Operation
from hotelctl.deploy.steps import steps_of
from hotelctl.deploy.steps.choose import ChooseStep

Act = Callable[[Conduct, Operation], Outcome]
_REFUSALS: Mapping[Outcome, type[HotelctlError]] = {
    Outcome.STOPPED: StepFailed,
    Outcome.ROLLED_BACK: RolledBack,
    Outcome.FROZEN: Frozen,
}
_TOLD = "hotelctl report show tells the steps, hotelctl logs each record"


@dataclass(frozen=True, slots=True)
class Ending:
    """How an operation ended, why it turned back, and which checks of what serves now fail all the same."""

    outcome: Outcome
    failure: Failure | None
    failing: Sequence[str]

    def answered(self) -> int:
        """The exit code; what failed is raised, so that the last line on stderr always says why."""
        if self.outcome is Outcome.SUCCEEDED and self.failing:
            raise Blocked(f"{', '.join(self.failing)}: what serves now does not pass", f"{LOOK}; {ELSEWHERE}")
        if self.failure is None or self.outcome is Outcome.SUCCEEDED:
            return exit_code(self.outcome)
        failed = self.failure
        raise _REFUSALS[self.outcome](f"step {failed.step}: {failed.message}", failed.hint or _TOLD)


def deploy(asked: Asked, presentation: Presentation) -> int:
    """The exit code of a deploy; an operation that an earlier command left is settled first."""
    return _new(asked, presentation, "deploy", {}, _require_for_deploy)


def _require_for_deploy(configuration: Configuration) -> None:
    """Return when its files can be worked with. Raises `UsageError`."""
    from hotelctl.checks.rules import rules
    from hotelctl.cli._contract import require_contract
    from hotelctl.cli._waiving import require_readable
    from hotelctl.config.deployable import require_deployable

    require_deployable(configuration)
    require_readable(configuration, rules())
    # Of what is no repository nothing else need be told.
    unrecorded_repository(configuration).work_tree()
    require_contract(configuration)
    require_reached_there(configuration, os.environ)


def rollback(asked: Asked, presentation: Presentation, to: str | None) -> int:
    """The exit code of a rollback to `to`, else to the newest good release before the serving one."""
    return _new(asked, presentation, "rollback", {"to": to})


def resume(asked: Asked, presentation: Presentation) -> int:
    """The exit code of the unfinished operation, driven on."""
    return _unfinished(asked, presentation, "resume", Conduct.resume).answered()


def abort(asked: Asked, presentation: Presentation) -> int:
    """0 when the unfinished operation was taken back."""
    ending = _unfinished(asked, presentation, "abort", Conduct.abort)
    return 0 if ending.outcome in {Outcome.STOPPED, Outcome.ROLLED_BACK} else ending.answered()


def _new(
    asked: Asked,
    presentation: Presentation,
    kind: str,
    extra: Mapping[str, Any],
    require: Callable[[Configuration], None] = lambda _: None,
) -> int:
    with session(asked, presentation, kind, require) as held:
        held.require_unfrozen()
        held.require_restored()
        held.require_ground(kind, extra.get("to"))
        past = held.open()
        if past is not None:
            _settled(held, past)
            held.require_unfrozen()
        name = held.name()
        with held.operator(name) as operator:
            if kind == "rollback":
                ChooseStep(operator.preview(kind, held.tree, extra)).require_named()
            operation = operator.begin(kind, name, held.tree, extra)
            ending = _ended(held, operator, operation, Conduct.run)
    return ending.answered()


def _unfinished(asked: Asked, presentation: Presentation, kind: str, act: Act) -> Ending:
    with session(asked, presentation, kind) as held:
        held.require_unfrozen()
        past = held.open()
        if past is None:
            raise UsageError(f"there is nothing to {kind}", "hotelctl history shows what there was")
        held.require_ground(past.operation, past.progress.header.get("to"))
        return _conduct(held, past, act)


def _conduct(held: Session, past: Past, act: Act) -> Ending:
    with held.operator(past.id) as operator:
        return _ended(held, operator, operator.reopen(past, held.tree), act)


def _settled(held: Session, past: Past) -> None:
    """What an earlier command left is over, told on stderr: stdout is for what was asked for now."""
    with held.operator(past.id, reported=False) as operator:
        operator.observer.said(f"{past.operation} {past.id} was left unfinished and is settled first")
        operation = operator.reopen(past, held.tree)
        _ended(held, operator, operation, Conduct.settle, shown=False)


def _ended(
    held: Session, operator: Operator, operation: Operation, act: Act, *, shown: bool = True
) -> Ending:
    """How it ended; the report is written also when the operation was interrupted."""
    kind = str(operation.journal.progress().header["operation"])
    steps = tuple(steps_of(kind, operation))
    try:
        outcome = act(held.conduct(), operation)
    except Interrupted:
        held.finish(operator, operation, steps)
        raise
    held.finish(operator, operation, steps, shown=shown)
    progress = operation.journal.progress()
    return Ending(outcome, progress.failure, failing_now(progress))
