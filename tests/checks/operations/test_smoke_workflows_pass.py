from hotelctl.checks.operations.smoke_workflows_pass import smoke_workflows_pass
from hotelctl.core.finding import CommandOutput, Measurement
from hotelctl.facts.smoke_run import SmokeRun, WorkflowResult
from tests.checks import made

_GOOD = WorkflowResult("page", 1, 0.01, "", ("ev-0001",))
_BAD = WorkflowResult("login", 2, 0.02, "POST /login: answered 500, declared is 200", ("ev-0002",))


def test_workflows_that_pass_are_fine() -> None:
    assert not made.judged(smoke_workflows_pass, SmokeRun("http://h", (_GOOD,)))


def test_a_workflow_that_ended_otherwise_is_named_with_its_request() -> None:
    (finding,) = made.judged(smoke_workflows_pass, SmokeRun("http://h", (_GOOD, _BAD)))
    assert finding.subject == "login"
    assert "answered 500" in finding.message
    assert "rollback --to VERSION" in finding.fix  # without it, one that is back already would go on back
    assert finding.evidence[0].url == "http://h/login"  # type: ignore[union-attr]


def test_a_program_that_failed_is_named_with_its_words_and_what_it_measured() -> None:
    measured = Measurement("query p95", 70, "ms", 50, 250)
    slow = WorkflowResult("P6 database", 0, 1.0, "FAIL: query p95 is 70 ms", ("ev-0003",), (measured,))
    (finding,) = made.judged(smoke_workflows_pass, SmokeRun("http://h", (_GOOD, slow)))
    assert finding.subject == "P6 database"
    assert isinstance(finding.evidence[0], CommandOutput)
    assert finding.evidence[1] == measured
