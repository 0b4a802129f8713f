from hotelctl.checks.operations.smoke_workflows_pass import smoke_workflows_pass
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
    assert finding.evidence[0].url == "http://h/login"  # type: ignore[union-attr]
