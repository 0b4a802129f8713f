"""How an operation ended, in one sentence for people: where it turned, and what serves now."""

from collections.abc import Mapping, Sequence
from typing import Any

from hotelctl.deploy.history import Past
from hotelctl.deploy.journal import Outcome, Progress
from hotelctl.deploy.release import Release

LOOK = "hotelctl report show tells what was found, hotelctl verify asks again"
ELSEWHERE = "hotelctl rollback --to VERSION goes to another kept release, hotelctl deploy to a mended commit"


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
            return f"{why}, nothing visible was changed, {_unmoved(past, former)}"
        case Outcome.ROLLED_BACK:
            now = f"traffic is back at {former}" if former else "nothing serves, as before"
            return f"{why}, what was done is taken back, {now}"
        case Outcome.FROZEN:
            return f"{why}, traffic was left where it was, a person is needed"
        case None:
            return f"{_open(past, planned)}, {done}"


def _unmoved(past: Past, former: str) -> str:
    """What is known of traffic that nobody touched: where it goes, not whether anything runs there."""
    if former:
        return f"traffic was not moved from {former}"
    return "traffic was left where it was" if past.progress.header.get("diverged") else "traffic goes nowhere"


def _but(past: Past) -> str:
    failing = failing_now(past.progress)
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
    where = f"in {_step(current, planned)}" if current else between(past.progress, planned)
    return f"interrupted {where}"


def between(progress: Progress, planned: Sequence[str]) -> str:
    """Where an operation stands that is in no step: which one ended last and which one is next."""
    if progress.aborted or progress.failure is not None:
        back = [name for name in planned if name in progress.undone]
        return f"after {back[0]} was taken back" if back else "before it was taken back"
    ended = [name for name in planned if name in progress.done]
    if not ended:
        return f"before {planned[0]}"
    left = planned[planned.index(ended[-1]) + 1 :]
    return f"between {ended[-1]} and {left[0]}" if left else f"after {ended[-1]}"


def failing_now(progress: Progress) -> Sequence[str]:
    """The checks that fail though traffic was switched, and left there: only a rollback does that."""
    return (progress.done.get("switch") or {}).get("failing") or ()


def _step(name: str, planned: Sequence[str]) -> str:
    return f"step {planned.index(name) + 1} ({name})" if name in planned else f"step {name}"


def _candidate(past: Past) -> str:
    done = past.progress.done
    return _tag((done.get("build") or done.get("choose") or {}).get("release")) or "the release"


def _tag(release: Mapping[str, Any] | None) -> str:
    return Release.from_json(release).tag if release else ""
