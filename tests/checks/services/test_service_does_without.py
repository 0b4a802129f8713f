from hotelctl.checks.services.service_does_without import service_does_without
from hotelctl.core.finding import Finding
from hotelctl.facts.outside_absence import OutsideAbsence
from hotelctl.facts.smoke_run import SmokeRun, WorkflowResult
from tests.checks import made


def found(*why: str, refused: str = "") -> list[Finding]:
    results = tuple(WorkflowResult(f"w{n}", 1, 0.1, said, ("ev-1",)) for n, said in enumerate(why))
    absence = OutsideAbsence(("mail", "pay"), refused, SmokeRun("http://127.0.0.1:8001", results))
    return made.judged(service_does_without, absence)


def test_a_service_that_works_without_them_is_fine() -> None:
    assert not found("", "")


def test_a_workflow_that_fails_then_is_a_finding() -> None:
    (finding,) = found("", "GET /notes: answered 503, must be 200")
    assert finding.message == "without mail, pay: workflow w1: GET /notes: answered 503, must be 200"
    assert finding.subject == "w1"


def test_one_that_does_not_start_then_is_a_finding() -> None:
    (finding,) = found(refused="the candidate does not run in a sandbox: exit 78")
    assert finding.message == "without mail, pay: the candidate does not run in a sandbox: exit 78"
