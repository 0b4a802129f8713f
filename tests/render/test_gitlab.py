"""GitLab publishes no schema; what its page on the report format asks of an issue is spelled out here."""

import json
from pathlib import PurePosixPath
from typing import Any

from hypothesis import given, settings

from hotelctl.core.report import Policy, Status
from hotelctl.render.document import Document
from hotelctl.render.gitlab import render
from tests.render import made
from tests.render.test_markdown import HOSTILE

SEVERITIES = {"info", "minor", "major", "critical", "blocker"}


def issues(document: Document) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(render(document))
    for issue in found:
        assert {"description", "check_name", "fingerprint", "severity", "location"} <= issue.keys()
        assert all(isinstance(issue[key], str) for key in ("description", "check_name", "fingerprint"))
        assert issue["severity"] in SEVERITIES
        assert not PurePosixPath(issue["location"]["path"]).is_absolute()
        assert issue["location"]["lines"]["begin"] >= 1
    fingerprints = [issue["fingerprint"] for issue in found]
    assert len(set(fingerprints)) == len(fingerprints)
    return found


def test_a_report_without_findings_is_an_empty_array() -> None:
    assert issues(made.document({"ENV012": made.EVERY_STATUS["ENV012"]})) == []


def test_findings_are_issues_worst_first_and_what_was_not_judged_is_one_too() -> None:
    found = issues(made.document())
    assert [(one["check_name"], one["severity"]) for one in found] == [
        ("ENV001", "blocker"),
        ("BLD003", "info"),
        ("ENV005", "minor"),
        ("DB001", "blocker"),
    ]
    assert found[0]["location"] == {"path": ".env.local", "lines": {"begin": 3}}
    assert found[0]["fingerprint"] == made.finding().finding.fingerprint("ENV001")
    assert "Evidence: ev-0002" in found[0]["content"]["body"]
    assert "waived until 2026-03-20 by bela" in found[1]["description"]
    assert "could not be judged: connection to 10.1.2.3:5432 refused" in found[3]["description"]


def test_findings_alike_are_told_apart() -> None:
    alike = made.Outcome(Status.FAILED, findings=(made.finding(), made.finding()))
    assert len(issues(made.document({"ENV001": alike}))) == 2


def test_a_required_check_that_was_skipped_is_an_issue() -> None:
    strict = Policy(required=frozenset({"TST001"}))
    assert "TST001" in [one["check_name"] for one in issues(made.document(policy=strict))]


@settings(max_examples=25)
@given(HOSTILE, HOSTILE)
def test_foreign_text_stays_one_line_of_description(subject: str, words: str) -> None:
    found = made.finding(subject=subject, message=words, fix=words)
    (issue,) = issues(made.document({"ENV001": made.Outcome(Status.FAILED, findings=(found,))}))
    assert "\n" not in issue["description"]
