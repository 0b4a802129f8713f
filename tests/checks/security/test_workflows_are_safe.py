import pytest

from hotelctl.checks.security.workflows_are_safe import workflows_are_safe as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import Severity
from hotelctl.facts.workflow_audit import WorkflowAudit, WorkflowFinding
from tests.checks import made

_PATH = ".github/workflows/ci.yml"


def audit(*found: WorkflowFinding) -> WorkflowAudit:
    """What zizmor says of one workflow."""
    return WorkflowAudit(("zizmor",), found)


def finding(severity: str, line: int, rule: str = "template-injection") -> WorkflowFinding:
    """One of its findings."""
    return WorkflowFinding(rule, severity, _PATH, line, "code injection", "may be expanded", "https://x/y")


def test_no_finding_of_zizmor_is_fine() -> None:
    assert made.judged(check, audit()) == []


def test_each_finding_keeps_its_rule_place_severity_and_page() -> None:
    found = made.judged(check, audit(finding("high", 7), finding("informational", 9)))
    assert [one.subject for one in found] == ["template-injection", "template-injection #2"]
    assert [one.severity for one in found] == [Severity.HIGH, Severity.INFO]
    assert (str(found[0].location), found[0].fix) == (f"{_PATH}:7", "https://x/y")


def test_an_action_that_is_named_by_a_tag_warns_only() -> None:
    (one,) = made.judged(check, audit(finding("high", 7, "unpinned-uses")))
    assert one.severity is Severity.MEDIUM


def test_a_file_that_could_not_be_judged_is_unknown_after_what_was_found() -> None:
    found = iter(check.judge(WorkflowAudit(("zizmor",), (finding("high", 7),), {"b.yml": "zizmor crashed"})))
    assert next(found).severity is Severity.HIGH
    with pytest.raises(Unavailable, match=r"b\.yml: zizmor crashed"):
        next(found)
