import json

from hotelctl.facts.workflow_audit import WorkflowAudit
from tests.fakes.processes import Answer
from tests.probes.worlds import World

CI = ".github/workflows/ci.yml"


def world(answer: Answer) -> World:
    """A project with one workflow, of which zizmor says that."""
    made = World()
    made.write(CI, "on: push\n")
    made.processes.answer([CI], answer)
    return made


def test_without_a_workflow_the_question_does_not_arise() -> None:
    assert World().why_not(WorkflowAudit) == "NotApplicable: the project has no GitHub workflow"


def test_each_file_is_asked_about_and_ended_soon() -> None:
    made = world(Answer(0, json.dumps([])))
    fact = made.fact(WorkflowAudit)
    assert (fact.findings, fact.doubts) == ((), {})
    assert made.processes.commands[-1].timeout_s == 30


def test_one_that_keeps_it_for_minutes_is_a_doubt() -> None:
    fact = world(Answer(None, timed_out=True)).fact(WorkflowAudit)
    assert fact.doubts == {CI: "zizmor was killed at its limit"}
