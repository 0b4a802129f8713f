import pytest

from hotelctl.core.errors import StepFailed
from hotelctl.core.report import CheckResult, Status
from hotelctl.deploy.judgement import require, withdrawn
from tests.render.made import Outcome, finding, result


def unknown(rule: str, reason: str) -> CheckResult:
    return result(rule, Outcome(Status.UNKNOWN, reason=reason))


def test_a_reason_that_several_checks_share_is_told_once() -> None:
    reason = "DATABASE_URL: no database server answers"
    with pytest.raises(StepFailed) as refused:
        require([unknown("DB001", reason), unknown("DB017", reason), unknown("OPS001", "no git")])
    assert refused.value.message == f"could not be judged: DB001, DB017 {reason}; OPS001 no git"
    assert refused.value.hint.endswith("hotelctl explain DB001")


def test_a_failed_check_tells_its_first_finding_and_how_many_more() -> None:
    found = tuple(finding(message=f"{name} is changed") for name in ("a.py", "b.py", "c.py"))
    failed = result("OPS001", Outcome(Status.FAILED, findings=found))
    with pytest.raises(StepFailed) as refused:
        require([failed])
    assert refused.value.message == "OPS001 a.py is changed (and 2 more)"


def test_what_passes_is_counted() -> None:
    assert require([result("OPS001", Outcome(Status.PASSED))])["counts"] == {"pass": 1}


def test_what_was_found_while_another_release_serves_is_no_finding() -> None:
    found = [result("OPS005", Outcome(Status.PASSED))]
    assert withdrawn(found, "d2", "d2") == tuple(found)
    for serving in ("d1", None):
        (one,) = withdrawn(found, serving, "d2")
        assert (one.status, one.reason) == (Status.UNKNOWN, "traffic was turned back before all was asked")
