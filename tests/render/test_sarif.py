import json
from typing import Any

import pytest
from hypothesis import given, settings

from hotelctl.core.report import Policy, Status, Verdict
from hotelctl.render.document import Document
from hotelctl.render.sarif import render
from tests.render import made
from tests.render.schemas import complaints
from tests.render.test_markdown import HOSTILE

SCHEMA = "sarif-2.1.0.schema.json"


def run(document: Document) -> dict[str, Any]:
    text = render(document)
    assert complaints(text, SCHEMA) == []
    (only,) = json.loads(text)["runs"]
    return only  # type: ignore[no-any-return] # parsed JSON


def results(document: Document) -> dict[str, dict[str, Any]]:
    return {result["ruleId"]: result for result in run(document)["results"]}


@pytest.mark.parametrize(
    "document",
    [
        made.document(),
        made.document({}),
        made.document(steps=made.steps(failed_at=3), verdict=Verdict.STOPPED),
    ],
)
def test_every_report_holds_to_the_schema(document: Document) -> None:
    assert run(document)["properties"]["digest"] == document.digest


def test_the_schema_is_not_a_rubber_stamp() -> None:
    broken = json.loads(render(made.document()))
    broken["runs"][0]["results"][0]["level"] = "terrible"
    del broken["runs"][0]["tool"]["driver"]["name"]
    assert len(complaints(json.dumps(broken), SCHEMA)) == 2


def test_a_finding_has_its_rule_its_place_and_its_evidence() -> None:
    only = run(made.document())
    result = next(one for one in only["results"] if one["ruleId"] == "ENV001")
    assert only["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == "ENV001"
    assert (result["level"], result["suppressions"]) == ("error", [])
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"] == {"uri": ".env.local", "uriBaseId": "%SRCROOT%"}
    assert place["region"] == {"startLine": 3}
    assert result["properties"]["evidence"] == ["ev-0002"]
    for words in ("DATABASE_URL: is not set", "Fix: echo 'DATABASE_URL=", "Evidence: ev-0002"):
        assert words in result["message"]["text"]


def test_every_check_is_a_rule_and_every_place_is_relative() -> None:
    only = run(made.document())
    assert [rule["id"] for rule in only["tool"]["driver"]["rules"]] == list(made.EVERY_STATUS)
    uris = [
        result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for result in only["results"]
    ]
    assert len(uris) == 3
    assert not [uri for uri in uris if uri.startswith(("/", "file:", ".."))]


def test_a_waived_finding_is_suppressed_with_who_and_why() -> None:
    (suppression,) = results(made.document())["BLD003"]["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    for words in ("2026-03-20", "bela", "OPS-17", "the builder is replaced next week"):
        assert words in suppression["justification"]


def test_what_could_not_be_judged_is_a_notification_and_required_it_is_an_error() -> None:
    def notes(policy: Policy) -> tuple[bool, list[tuple[str, str, str]]]:
        (invocation,) = run(made.document(policy=policy))["invocations"]
        found = invocation["toolExecutionNotifications"]
        told = [(n["associatedRule"]["id"], n["level"], n["message"]["text"]) for n in found]
        return invocation["executionSuccessful"], told

    unknown = "DB001 could not be judged: connection to 10.1.2.3:5432 refused"
    assert notes(Policy()) == (True, [("DB001", "warning", unknown)])
    good, told = notes(Policy(required=frozenset({"DB001", "TST001"})))
    assert not good
    assert told == [
        ("DB001", "error", unknown),
        ("TST001", "error", "TST001 was skipped: asked for: --skip tests"),
    ]


def test_fingerprints_are_those_of_the_report() -> None:
    fingerprints = results(made.document())["ENV001"]["partialFingerprints"]
    expected = made.finding().finding.fingerprint("ENV001")
    assert fingerprints == {"hotelctl/v1": expected, "primaryLocationLineHash": expected}


@settings(max_examples=25)
@given(HOSTILE, HOSTILE)
def test_foreign_text_keeps_to_the_schema(subject: str, words: str) -> None:
    found = made.finding(subject=subject, message=words, fix=words, path=f"d/{words}")
    run(made.document({"ENV001": made.Outcome(Status.FAILED, findings=(found,))}))


def test_a_rule_that_was_judged_by_a_kept_answer_says_so() -> None:
    document = made.document(made.WITH_KEPT)
    rules = run(document)["tool"]["driver"]["rules"]
    kept = {rule["id"]: rule["properties"]["cached"] for rule in rules if "cached" in rule["properties"]}
    assert kept == dict.fromkeys(("ENV005", "ENV012"), made.KEPT_SINCE)


def test_a_rule_with_findings_that_were_left_out_says_so() -> None:
    rules = run(made.document(made.NARROWED))["tool"]["driver"]["rules"]
    told = {rule["id"]: rule["properties"].get("left_out") for rule in rules}
    assert {name for name, words in told.items() if words == made.LEFT_OUT} == {"ENV012"}
