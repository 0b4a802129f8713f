"""How an operation ended, in one sentence for people: where it turned, and what serves now."""

from collections.abc import Mapping, Sequence
from typing import Any

from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Outcome
from hotelctl.deploy.release import Release


def ending(past: Past, planned: Sequence[str]) -> str:
    """The sentence; `planned` are the steps of the operation in order."""
    progress = past.progress
    done, why = f"{len(progress.done)} of {len(planned)} steps done", _turn(past, planned)
    former = _tag(progress.header.get("serving"))
    match progress.outcome:
        case Outcome.SUCCEEDED:
            again = " again" if past.operation == "rollback" else ""
            return f"{_candidate(past)} serves{again}, {done}{_but(past)}"
        case Outcome.STOPPED:
            now = f"{former} serves as before" if former else "nothing serves, as before"
            return f"{why}, nothing visible was changed, {now}"
        case Outcome.ROLLED_BACK:
            now = f"traffic is back at {former}" if former else "nothing serves, as before"
            return f"{why}, what was done is taken back, {now}"
        case Outcome.FROZEN:
            return f"{why}, traffic was left where it was, a person is needed"
        case None:
            return f"{_open(past, planned)}, {done}"


def _but(past: Past) -> str:
    failing = (past.progress.done.get("switch") or {}).get("failing") or ()
    return f", but {', '.join(failing)} {'fails' if len(failing) == 1 else 'fail'}" if failing else ""


def _turn(past: Past, planned: Sequence[str]) -> str:
    """Why it went no further."""
    failure, begun = past.progress.failure, past.progress.begun
    if failure is not None:
        return f"{_step(failure.step, planned)} failed"
    return (
        f"aborted after {_step(begun[-1], planned)} had begun" if begun else "aborted before the first step"
    )


def _open(past: Past, planned: Sequence[str]) -> str:
    current = past.progress.current
    return f"interrupted in {_step(current, planned)}" if current else "interrupted between two steps"


def _step(name: str, planned: Sequence[str]) -> str:
    return f"step {planned.index(name) + 1} ({name})" if name in planned else f"step {name}"


def _candidate(past: Past) -> str:
    done = past.progress.done
    return _tag((done.get("build") or done.get("choose") or {}).get("release")) or "the release"


def _tag(release: Mapping[str, Any] | None) -> str:
    return Release.from_json(release).tag if release else ""
