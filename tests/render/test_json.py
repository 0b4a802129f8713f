import hashlib
import json as jsonlib
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from hotelctl.core.redact import Redactor, by_shape
from hotelctl.core.report import Verdict
from hotelctl.render.document import Document
from hotelctl.render.json import digest, render, sealed
from tests.render import made

SCHEMA = Path(__file__).parents[2] / "docs/report.schema.json"
CONTRACT = [
    "schema",
    "id",
    "kind",
    "hotelctl",
    "service",
    "git",
    "environment",
    "profile",
    "started_at",
    "finished_at",
    "duration_s",
    "verdict",
    "summary",
    "sections",
    "steps",
    "performance",
    "waivers",
    "next_steps",
    "signoffs",
    "evidence_head",
    "digest",
]


def held_to_the_schema(plain: Any) -> None:  # noqa: ANN401 - parsed JSON
    validator = jsonschema.Draft202012Validator(jsonlib.loads(SCHEMA.read_text()))
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(plain)] == []


@pytest.mark.parametrize(
    "document",
    [
        made.document(),
        made.document(steps=made.steps(failed_at=3), verdict=Verdict.STOPPED),
        made.document(performance=(made.MEASURED, replace(made.MEASURED, detail="", bars=()))),
        made.document(lock_timeline=made.LOCKS),
        made.document(lock_timeline=made.KEPT_LOCKS),
        made.document(made.WITH_KEPT),
        made.document(made.NARROWED),
    ],
)
def test_reports_hold_to_the_schema(document: Document) -> None:
    held_to_the_schema(jsonlib.loads(render(document)))


@pytest.mark.parametrize(
    "change", [{"verdict": "fine"}, {"summary": {}}, {"digest": "abc"}, {"extra": 1}], ids=str
)
def test_the_schema_refuses_what_is_no_report(change: dict[str, Any]) -> None:
    with pytest.raises(AssertionError):
        held_to_the_schema(jsonlib.loads(render(made.document())) | change)


def test_the_keys_of_the_contract_are_there_in_its_order() -> None:
    keys = list(jsonlib.loads(render(made.document())))
    assert [key for key in keys if key in CONTRACT] == CONTRACT


def test_a_check_and_its_finding_have_the_shape_of_the_contract() -> None:
    check = jsonlib.loads(render(made.document()))["sections"][0]["checks"][0]
    assert {k: check[k] for k in ("id", "severity", "status", "duration_s", "reason", "evidence")} == {
        "id": "ENV001",
        "severity": "critical",
        "status": "fail",
        "duration_s": 0.25,
        "reason": None,
        "evidence": ["ev-0001"],
    }
    (finding,) = check["findings"]
    assert finding["location"] == {"path": ".env.local", "line": 3}
    assert finding["fingerprint"] == made.finding().finding.fingerprint("ENV001")


def test_the_digest_is_over_the_canonical_form_without_itself() -> None:
    plain = jsonlib.loads(render(made.document()))
    named = plain.pop("digest")
    canonical = jsonlib.dumps(plain, sort_keys=True, separators=(",", ":"))
    assert named == "sha256:" + hashlib.sha256(canonical.encode()).hexdigest()


def test_a_sign_off_leaves_the_digest_as_it_was_and_holds_to_the_schema() -> None:
    document = made.document()
    signed = document.model_copy(update={"signoffs": (made.signoff(document),)})
    assert digest(signed) == digest(document) == document.digest
    held_to_the_schema(jsonlib.loads(render(signed)))


def test_every_check_and_step_names_its_own_digest() -> None:
    document = made.document(steps=made.steps())
    assert all(check.digest == digest(check) for check in document.checks())
    assert all(step.digest == digest(step) for step in document.steps)


def test_empty_sections_are_skipped_with_a_reason() -> None:
    sections = {s["id"]: s for s in jsonlib.loads(render(made.document()))["sections"]}
    assert (sections["docker"]["status"], sections["docker"]["reason"]) == ("skipped", "not run")


def test_the_text_is_ascii_that_no_terminal_acts_on() -> None:
    text = render(made.document(next_steps=("\x9b31m\u202e\x1b[2J ü",)))
    assert text.isascii()
    assert "\x1b" not in text


def test_free_texts_are_redacted_and_structure_is_not() -> None:
    secret = "high-and-hotel-secret"
    found = made.finding(subject=secret, message=f"is {secret}", fix=f"unset {secret}", path=secret)
    outcomes = {"ENV001": made.Outcome(made.EVERY_STATUS["ENV001"].status, findings=(found,))}
    report = made.report(outcomes, next_steps=(secret,), facts={"k": secret})
    report = replace(report, git={**report.git, "branch": f"wip/{secret}", "tag": secret})
    assert secret in render(sealed(report, by_shape))
    text = render(sealed(report, Redactor(b"key", [secret, "report", "ENV001"])))
    assert secret not in text
    assert '"schema": "hotelctl.report/1"' in text
    assert '"id": "ENV001"' in text


def test_a_name_that_is_no_unicode_can_be_written() -> None:
    assert "\\\\udce4" in render(made.document(next_steps=("a\udce4",)))


def test_since_when_an_answer_is_kept_is_told_only_of_those_that_are() -> None:
    plain = jsonlib.loads(render(made.document(made.WITH_KEPT)))
    checks = [check for section in plain["sections"] for check in section["checks"]]
    kept = {check["id"]: check["cached"] for check in checks if "cached" in check}
    assert kept == dict.fromkeys(("ENV005", "ENV012"), made.KEPT_SINCE)


def test_what_a_waiver_does_not_say_is_left_out_as_in_reports_of_before() -> None:
    told = {"rotated", "rotation", "no_secret"}
    (silent,) = jsonlib.loads(render(made.document()))["waivers"]
    assert not told & silent.keys()


def test_a_report_without_a_lock_timeline_is_as_it_was_before_there_was_any() -> None:
    assert "lock_timeline" not in jsonlib.loads(render(made.document()))


def test_the_lock_timeline_has_its_statements_and_bars() -> None:
    found = jsonlib.loads(render(made.document(lock_timeline=made.LOCKS)))["lock_timeline"]
    assert found["total_ms"] == 10.0
    assert found["statements"][0] == {
        "n": 1,
        "label": "CREATE INDEX by_text ON notes (text)",
        "transaction": 1,
        "start_ms": 0.0,
        "end_ms": 1.0,
        "location": {"path": "migrations/3.sql", "line": 2},
    }
    assert found["bars"][1] == {
        "table": "public.notes",
        "waits": "reads and writes",
        "mode": "ACCESS EXCLUSIVE",
        "start_ms": 1.0,
        "end_ms": 9.5,
        "statement": 2,
        "last": 3,
        "location": {"path": "migrations/3.sql", "line": 4},
    }
    assert found["evidence"] == ["ev-0001"]
