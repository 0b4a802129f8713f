import pytest

from hotelctl.checks.performance.every_load import Answer, every_load, limited
from hotelctl.core.errors import NotApplicable, Unavailable
from hotelctl.core.finding import Finding, Measurement
from hotelctl.facts.load_measurement import MeasuredLoad
from hotelctl.facts.speed import Speed, Target, Trial
from tests.checks.performance import trials

WRONG = Finding("x", "x", (Measurement("x", 1, "s"),))


def _wrong(_target: Target, _one: MeasuredLoad) -> Answer:
    return WRONG


def test_findings_come_before_the_doubt() -> None:
    unmeasured = Trial(trials.target(name="page"), None, "it was not measured")
    speed = Speed((unmeasured, *trials.speed().trials), "hotelctl bench --env x")
    found = every_load(speed, _wrong)
    assert next(found) is WRONG
    with pytest.raises(Unavailable, match="page: it was not measured; hotelctl bench --env x"):
        next(found)


def test_only_loads_with_the_limit_are_asked() -> None:
    both = Speed((Trial(trials.target(p95_s=None), None), *trials.speed().trials), "again")
    assert limited(both, lambda target: target.p95_s, "p95_s").trials == both.trials[1:]
    with pytest.raises(NotApplicable, match="no load has a p95_s"):
        limited(trials.speed(p95_s=None), lambda target: target.p95_s, "p95_s")
