"""Drives a plan: every move is written down before it is made and after it was made."""

import errno
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from hotelctl.core.errors import (
    Diverged,
    HotelctlError,
    Interrupted,
    Locked,
    StepFailed,
    Unavailable,
    UsageError,
)
from hotelctl.core.ports import EvidenceLog
from hotelctl.core.progress import Observer
from hotelctl.deploy.journal import Journal, Kind
from hotelctl.deploy.plan import Apply, Finish, Plan, Undo


class Step(Protocol):
    """One step: both directions are repeatable, and `undo` also clears a half-done `apply`."""

    name: str
    title: str

    def plan(self) -> tuple[str, ...]:
        """What `apply` would do, one line each; nothing is changed."""
        ...

    def apply(self) -> Mapping[str, Any]:
        """Do it and return what later steps and the report need, with a line `summary`."""
        ...

    def undo(self) -> str:
        """Take it back; says in one line what was done."""
        ...


def drive(
    plan: Plan,
    journal: Journal,
    steps: Mapping[str, Step],
    evidence: EvidenceLog,
    observer: Observer,
    stop_requested: Callable[[], bool],
) -> Finish:
    """Run moves until none is left. Called again after a crash, it goes on where the journal ends.

    Raises:
        Interrupted: `stop_requested` said so between two moves; everything is recorded.

    """
    while True:
        move = plan.next_move(journal.progress())
        if isinstance(move, Finish):
            if journal.progress().outcome is None:
                journal.append("", Kind.OUTCOME, {"outcome": move.outcome.value})
            return move
        if stop_requested():
            raise Interrupted("stopped on request", journal.progress().ways_on)
        number = plan.steps.index(move.step) + 1
        with evidence.scope() as ids:
            observer.began(number, len(plan.steps), move.step, steps[move.step].title)
            _MOVES[type(move)](journal, steps[move.step], ids, observer)


def _apply(journal: Journal, step: Step, ids: list[str], observer: Observer) -> None:
    began = journal.append(step.name, Kind.INTENT)
    try:
        data = step.apply()
    except (StepFailed, UsageError, Unavailable, Diverged, OSError) as error:
        if isinstance(error, OSError) and error.errno not in _DISK_REFUSES:
            raise
        said = _words(error)
        journal.append(step.name, Kind.FAIL, said, ids)
        observer.ended("failed", said["message"], _seconds(journal, began.seq))
        return
    journal.append(step.name, Kind.DONE, data, ids)
    observer.ended("done", str(data.get("summary", "")), _seconds(journal, began.seq))


def _undo(journal: Journal, step: Step, ids: list[str], observer: Observer) -> None:
    began = journal.append(step.name, Kind.UNDO)
    try:
        summary = step.undo()
    except (Locked, Interrupted):
        # Another operation took over, or nobody can tell: it is left as if killed here, and says so.
        raise
    except (HotelctlError, Unavailable) as error:
        said = _words(error) | {"frozen": True}
        said["message"] = f"could not be taken back: {said['message']}{_first(journal)}"
        journal.append(step.name, Kind.FAIL, said, ids)
        observer.ended("failed", said["message"], _seconds(journal, began.seq))
        return
    journal.append(step.name, Kind.UNDONE, {"summary": summary}, ids)
    observer.ended("undone", summary, _seconds(journal, began.seq))


# A full disk, a quota, a missing right: the world's no, not a bug.
_DISK_REFUSES = (errno.ENOSPC, errno.EDQUOT, errno.EACCES, errno.EPERM, errno.EROFS)


def _first(journal: Journal) -> str:
    """Why it was turned round at all: the second trouble must not hide the first."""
    failure = journal.progress().failure
    return f" (it turned round because step {failure.step} failed: {failure.message})" if failure else ""


_MOVES = {Apply: _apply, Undo: _undo}
_DISK_HINT = "make room on that disk, or give this user the right to write there"


def _words(error: Exception) -> dict[str, Any]:
    if isinstance(error, Unavailable):
        return {"message": error.reason, "hint": "", "frozen": False}
    if isinstance(error, OSError):
        return {"message": f"{error.filename}: {error.strerror}", "hint": _DISK_HINT, "frozen": False}
    hint = error.hint if isinstance(error, HotelctlError) else ""
    return {"message": str(error), "hint": hint, "frozen": isinstance(error, Diverged)}


def _seconds(journal: Journal, seq: int) -> float:
    records = journal.records()
    began = datetime.fromisoformat(records[seq - 1].ts_utc)
    return (datetime.fromisoformat(records[-1].ts_utc) - began).total_seconds()
