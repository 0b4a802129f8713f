"""A question asked of every load that a service file names."""

from collections.abc import Callable, Iterator

from hotelctl.checks.doubts import require_none
from hotelctl.core.errors import NotApplicable
from hotelctl.core.finding import Finding
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Target

Answer = Finding | str | None
"""What is wrong, why nobody can tell, or nothing."""


def every_load(speed: Speed, judge: Callable[[Target, MeasuredLoad], Answer]) -> Iterator[Finding]:
    """What `judge` finds. Raises `Unavailable` in the end where a load was not measured, or left a doubt."""
    doubts = []
    for trial in speed.trials:
        answer = trial.doubt if trial.measured is None else judge(trial.target, trial.measured)
        if isinstance(answer, Finding):
            yield answer
        elif answer:
            doubts.append((trial.target.name, f"{answer}; {speed.again}"))
    require_none(doubts)


def limited(speed: Speed, limit: Callable[[Target], float | None], name: str) -> Speed:
    """Only the loads that have that limit. Raises `NotApplicable` without any."""
    trials = tuple(trial for trial in speed.trials if limit(trial.target) is not None)
    if not trials:
        raise NotApplicable(f"no load has a {name}")
    return Speed(trials, speed.again, speed.path, speed.measurement, speed.former)
