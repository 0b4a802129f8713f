from xml.etree import ElementTree as ET

import pytest
import xmlschema
from hypothesis import given, settings

from hotelctl.core.report import Policy, Status, Verdict
from hotelctl.facts.test_run import parse_junit
from hotelctl.render.document import Document
from hotelctl.render.junit import render
from tests.render import made
from tests.render.schemas import PLACE
from tests.render.test_markdown import HOSTILE

SCHEMA = xmlschema.XMLSchema10(PLACE / "junit-10.xsd")


def cases(document: Document) -> dict[str, ET.Element]:
    text = render(document)
    SCHEMA.validate(text)
    return {case.attrib["name"].split()[0]: case for case in ET.fromstring(text).iter("testcase")}  # noqa: S314 - it was written here


def outcome(case: ET.Element) -> tuple[str, str] | None:
    found = [child for child in case if child.tag != "system-out"]
    assert len(found) <= 1
    return (found[0].tag, found[0].attrib["message"]) if found else None


@pytest.mark.parametrize(
    "document",
    [
        made.document(),
        made.document({}),
        made.document(steps=made.steps(failed_at=3), verdict=Verdict.STOPPED),
    ],
)
def test_every_report_is_what_jenkins_reads(document: Document) -> None:
    SCHEMA.validate(render(document))


def test_the_schema_is_not_a_rubber_stamp() -> None:
    text = render(made.document())
    assert not SCHEMA.is_valid(text.replace("<error ", "<mistake ").replace("</error>", "</mistake>"))


def test_error_stands_apart_from_failure_and_skipped_says_why() -> None:
    found = cases(made.document())
    assert {rule: outcome(case) for rule, case in found.items()} == {
        "ENV001": ("failure", "DATABASE_URL: is not set"),
        "ENV005": None,
        "ENV012": None,
        "DB001": ("error", "connection to 10.1.2.3:5432 refused"),
        "TST001": ("skipped", "asked for: --skip tests"),
        "BLD003": ("skipped", made.waiver().told()),
        "OPS008": ("skipped", "not applicable: nothing is deployed yet"),
    }


def test_every_case_names_its_evidence() -> None:
    found = cases(made.document())
    for rule, result in made.EVERY_STATUS.items():
        assert f"Evidence: {', '.join(result.evidence) or 'none'}" in (
            found[rule].findtext("system-out") or ""
        )
    assert "DATABSE_URL: is unknown" in (found["ENV005"].findtext("system-out") or "")
    assert ".env.local:3: DATABASE_URL" in (found["ENV001"].findtext("failure") or "")


def test_a_required_check_does_not_pass_by_being_skipped() -> None:
    found = cases(made.document(policy=Policy(required=frozenset({"TST001"}))))
    assert outcome(found["TST001"]) == ("error", "required, but skipped: asked for: --skip tests")


def test_counts_are_those_of_the_cases() -> None:
    root = ET.fromstring(render(made.document()))  # noqa: S314 - it was written here
    assert {key: root.attrib[key] for key in ("tests", "failures", "errors")} == {
        "tests": "7",
        "failures": "1",
        "errors": "1",
    }
    assert sum(int(suite.attrib["skipped"]) for suite in root) == 3


def test_steps_are_a_suite_of_their_own() -> None:
    found = cases(made.document({}, steps=made.steps(failed_at=3), verdict=Verdict.STOPPED))
    assert [outcome(found[n]) for n in ("2", "3", "4")] == [
        None,
        ("failure", "what test did"),
        ("skipped", "what build did"),
    ]


def test_it_is_read_as_what_tests_of_a_service_write() -> None:
    counts = parse_junit(render(made.document()))
    assert [case.name for case in counts.failed] == [
        "hotelctl.environment::ENV001 Every required key is present"
    ]


@settings(max_examples=25)
@given(HOSTILE, HOSTILE)
def test_foreign_text_is_always_xml(subject: str, words: str) -> None:
    found = made.finding(subject=subject, message=words, fix=words, path=f"d/{words}")
    cases(made.document({"ENV001": made.Outcome(Status.FAILED, words or "t", findings=(found,))}))


def test_a_case_that_stands_on_a_kept_answer_says_so() -> None:
    outputs = {
        name.partition(" ")[0]: case.findtext("system-out") or ""
        for name, case in cases(made.document(made.WITH_KEPT)).items()
    }
    told = f"stands on an answer of {made.KEPT_SINCE}"
    assert {name for name, words in outputs.items() if told in words} == {"ENV005", "ENV012"}


def test_a_case_with_findings_that_were_left_out_says_so() -> None:
    told = cases(made.document(made.NARROWED))["ENV012"].findtext("system-out") or ""
    assert f"left out: {made.LEFT_OUT}" in told
