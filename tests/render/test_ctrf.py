import json
from typing import Any

import pytest
from hypothesis import given, settings

from hotelctl.core.report import Policy, Status, Verdict
from hotelctl.render.ctrf import render
from hotelctl.render.document import Document
from tests.render import made
from tests.render.schemas import complaints
from tests.render.test_markdown import HOSTILE

SCHEMA = "ctrf-0.0.schema.json"


def results(document: Document) -> dict[str, Any]:
    text = render(document)
    assert complaints(text, SCHEMA) == []
    return json.loads(text)["results"]  # type: ignore[no-any-return] # parsed JSON


@pytest.mark.parametrize("document", [made.document(), made.document({})])
def test_every_report_holds_to_the_schema(document: Document) -> None:
    assert results(document)["environment"]["commit"] == made.COMMIT


def test_the_schema_is_not_a_rubber_stamp() -> None:
    broken = json.loads(render(made.document()))
    broken["results"]["tests"][0]["status"] = "green"
    assert complaints(json.dumps(broken), SCHEMA) != []


def test_each_status_has_its_word_and_keeps_its_own() -> None:
    found = {test["name"].split()[0]: test for test in results(made.document())["tests"]}
    assert {rule: (test["status"], test["rawStatus"]) for rule, test in found.items()} == {
        "ENV001": ("failed", "fail"),
        "ENV005": ("passed", "warn"),
        "ENV012": ("passed", "pass"),
        "DB001": ("other", "unknown"),
        "TST001": ("skipped", "skipped"),
        "BLD003": ("skipped", "waived"),
        "OPS008": ("skipped", "not_applicable"),
    }
    assert found["ENV001"]["extra"]["evidence"] == ["ev-0001"]
    assert found["ENV001"]["extra"]["findings"][0]["evidence"] == ["ev-0002"]
    assert (found["ENV001"]["filePath"], found["ENV001"]["line"]) == (".env.local", 3)
    assert found["DB001"]["message"] == "connection to 10.1.2.3:5432 refused"


def test_what_failed_says_what_was_found_and_what_could_not_be_judged() -> None:
    half = made.Outcome(Status.FAILED, findings=(made.finding("ROT"),), reason="another file is broken")
    (test,) = results(made.document({"ENV001": half}))["tests"]
    assert test["message"].startswith("ROT: ")
    assert test["message"].endswith("; another file is broken")


def test_the_summary_counts_the_tests() -> None:
    summary = results(made.document())["summary"]
    words = ("passed", "failed", "skipped", "pending", "other")
    assert [summary[word] for word in words] == [2, 1, 3, 0, 1]
    assert summary["tests"] == 7
    assert summary["stop"] - summary["start"] == 3250


def test_what_had_to_be_judged_and_was_not_is_failed() -> None:
    strict = Policy(required=frozenset({"DB001", "TST001"}))
    found = {test["name"].split()[0]: test for test in results(made.document(policy=strict))["tests"]}
    assert {found["DB001"]["status"], found["TST001"]["status"]} == {"failed"}


def test_steps_are_tests_of_the_deployment() -> None:
    tests = results(made.document({}, steps=made.steps(failed_at=3), verdict=Verdict.STOPPED))["tests"]
    assert [test["status"] for test in tests] == ["passed"] * 2 + ["failed"] + ["pending"] * 7
    assert tests[2]["extra"]["evidence"] == ["ev-0001"]


@settings(max_examples=25)
@given(HOSTILE, HOSTILE)
def test_foreign_text_keeps_to_the_schema(subject: str, words: str) -> None:
    found = made.finding(subject=subject, message=words, fix=words, path=f"d/{words}")
    results(made.document({"ENV001": made.Outcome(Status.FAILED, findings=(found,))}))


def test_a_test_that_stands_on_a_kept_answer_says_so() -> None:
    tests = results(made.document(made.WITH_KEPT))["tests"]
    kept = {test["name"][:6]: test["extra"]["cached"] for test in tests if "cached" in test["extra"]}
    assert kept == dict.fromkeys(("ENV005", "ENV012"), made.KEPT_SINCE)


def test_a_test_with_findings_that_were_left_out_says_so() -> None:
    tests = results(made.document(made.NARROWED))["tests"]
    assert [test["name"][:6] for test in tests if test["extra"].get("left_out") == made.LEFT_OUT] == [
        "ENV012"
    ]
