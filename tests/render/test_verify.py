"""A stored report: whole as written, and not after one changed byte anywhere."""

import hashlib
import json as jsonlib
import random
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hotelctl.core.chain import GENESIS, digest, encode
from hotelctl.core.finding import Severity
from hotelctl.core.redact import by_shape
from hotelctl.core.report import JudgedFinding, LockTimeline, Policy, Report, Status, Verdict, gate
from hotelctl.render import html, json, markdown
from hotelctl.render.document import Document
from hotelctl.render.verify import EVIDENCE, HTML, MARKDOWN, REPORT, verify
from tests.render import made

VERSION = "0.1.0"
OUTPUT = "evidence/ev-0001.txt"


def evidence(
    rules: tuple[tuple[str, str], ...] = (("ev-0002", "ENV001"), ("ev-0003", "ENV005")),
    **more: Any,  # noqa: ANN401 - any field of a record
) -> bytes:
    """One command with an output, `more` in its record, then the findings of two checks."""
    said = b"--- stdout ---\nall good\n"
    output = {"path": OUTPUT, "bytes": len(said), "sha256": hashlib.sha256(said).hexdigest(), "redactions": 0}
    records: list[dict[str, Any]] = [{"id": "ev-0001", "adapter": "process", "output": output, **more}]
    records += [{"id": i, "adapter": "finding", "check": rule, "output": None} for i, rule in rules]
    lines, head = [], GENESIS
    for seq, record in enumerate(records, start=1):
        lines.append(encode(record, seq, head))
        head = digest(lines[-1])
    return b"".join(lines)


def head_of(data: bytes) -> str:
    return "sha256:" + digest(data.splitlines(keepends=True)[-1])


def stored(change: Callable[[Report], Report] = lambda report: report, **fields: Any) -> dict[str, bytes]:  # noqa: ANN401
    chain = evidence()
    document = json.sealed(change(made.report(evidence_head=head_of(chain), **fields)), by_shape)
    return files_of(document, chain)


def files_of(document: Document, chain: bytes) -> dict[str, bytes]:
    evidence_files = {EVIDENCE: chain, OUTPUT: b"--- stdout ---\nall good\n"}
    return {
        REPORT: json.render(document).encode(),
        MARKDOWN: markdown.render(document).encode(),
        HTML: html.render(document, evidence_files).encode(),
        **evidence_files,
    }


def resealed(files: Mapping[str, bytes], edit: Callable[[dict[str, Any]], None]) -> dict[str, bytes]:
    """The same report after an edit by somebody who computed every digest anew."""
    plain = jsonlib.loads(files[REPORT])
    edit(plain)
    document = Document.model_validate(plain)
    sections = tuple(
        part.model_copy(
            update={"checks": tuple(c.model_copy(update={"digest": json.digest(c)}) for c in part.checks)}
        )
        for part in document.sections
    )
    steps = tuple(step.model_copy(update={"digest": json.digest(step)}) for step in document.steps)
    document = document.model_copy(update={"sections": sections, "steps": steps})
    document = document.model_copy(update={"digest": json.digest(document)})
    return {**files, **files_of(document, files[EVIDENCE])}


def records(files: Mapping[str, bytes], head: str | None = None) -> list[str]:
    return [problem.record for problem in verify(files, VERSION, head)]


def test_a_report_as_written_is_whole() -> None:
    assert verify(stored(), VERSION, made.COMMIT) == ()
    assert verify(stored(steps=made.steps(failed_at=6), verdict=Verdict.STOPPED), VERSION) == ()


@pytest.mark.parametrize("name", [REPORT, MARKDOWN, HTML, EVIDENCE, OUTPUT])
def test_one_changed_byte_anywhere_is_found(name: str) -> None:
    files = stored(steps=made.steps(), outcomes={"ENV012": made.EVERY_STATUS["ENV012"]})
    files[EVIDENCE] = evidence()
    data = files[name]
    pick = random.Random(7)  # noqa: S311 - which bytes, not secrecy
    for position in {0, len(data) - 1, *pick.sample(range(len(data)), min(60, len(data)))}:
        bit = pick.choice((1, 0x20, 0x80))
        flipped = data[:position] + bytes([data[position] ^ bit]) + data[position + 1 :]
        assert records({**files, name: flipped}), (name, position, bit, data[position : position + 20])


@pytest.mark.parametrize("name", [REPORT, MARKDOWN, HTML, EVIDENCE, OUTPUT])
def test_a_missing_or_cut_file_is_found(name: str) -> None:
    files = stored()
    assert any(name in record for record in records({k: v for k, v in files.items() if k != name}))
    assert records({**files, name: files[name][:-1]})
    assert records({**files, name: files[name] + b"\n"})


def test_a_sign_off_of_another_report_is_found() -> None:
    document = jsonlib.loads(stored()[REPORT])
    loaded = Document.model_validate(document)
    for other, wanted in ((loaded.digest, []), ("sha256:" + "0" * 64, ["report.json sign-off of bela"])):
        part = made.signoff(loaded, name="bela", digest=other)
        signed = loaded.model_copy(update={"signoffs": (part,)})
        assert records({**stored(), **files_of(signed, stored()[EVIDENCE])}) == wanted


def test_a_file_that_no_record_names_is_found() -> None:
    assert records({**stored(), "evidence/ev-0009.txt": b"x"}) == ["evidence/ev-0009.txt"]


def test_the_check_whose_words_were_changed_is_named() -> None:
    files = stored()
    changed = files[REPORT].replace(b"The database answers", b"The database answerS")
    assert "report.json DB001" in records({**files, REPORT: changed})


def test_the_line_of_the_markdown_is_named() -> None:
    files = stored()
    line = files[MARKDOWN].split(b"\n").index(b"## 2. Database schema") + 1
    changed = files[MARKDOWN].replace(b"## 2. Database schema", b"## 2. Database Schema")
    assert records({**files, MARKDOWN: changed}) == [f"report.md line {line}"]


def test_the_output_whose_byte_was_changed_is_named_with_its_record() -> None:
    assert records({**stored(), OUTPUT: b"--- stdout ---\nall gooD\n"}) == [f"ev-0001 {OUTPUT}"]


def test_records_left_out_at_the_end_are_found() -> None:
    files = stored()
    shorter = b"".join(files[EVIDENCE].splitlines(keepends=True)[:-1])
    assert "evidence.jsonl line 2" in records({**files, EVIDENCE: shorter})


def test_a_finding_taken_out_with_all_digests_anew_is_found() -> None:
    def edit(plain: dict[str, Any]) -> None:
        check = plain["sections"][0]["checks"][1]
        assert check["id"] == "ENV005"
        check |= {"findings": [], "status": "pass"}
        plain["summary"] |= {"warn": 0, "pass": 2}

    assert records(resealed(stored(), edit)) == ["evidence.jsonl ev-0003"]


def test_another_limit_put_in_afterwards_is_found() -> None:
    changed = resealed(stored(), lambda plain: plain["policy"].update(fail_on="info"))
    assert "report.json ENV005" in records(changed)


@pytest.mark.parametrize(
    ("edit", "record"),
    [
        (lambda plain: plain["summary"].update({"pass": 9}), "report.json summary"),
        (lambda plain: plain.update(verdict="ready"), "report.json verdict"),
        (lambda plain: plain["sections"][0].update(status="pass"), "report.json section environment"),
        (lambda plain: plain["sections"][0]["checks"][0].update(status="pass"), "report.json ENV001"),
        (lambda plain: plain["sections"][0]["checks"][2].update(evidence=[]), "report.json ENV012"),
        (lambda plain: plain["sections"][0]["checks"][1].update(evidence=["ev-0077"]), "report.json ENV005"),
        (lambda plain: plain["sections"][1]["checks"][0].update(reason=None), "report.json DB001"),
    ],
)
def test_what_does_not_follow_is_found_even_with_all_digests_anew(
    edit: Callable[[dict[str, Any]], None], record: str
) -> None:
    assert record in records(resealed(stored(), edit))


def _later(plain: dict[str, Any]) -> None:
    plain["waivers"][0] |= {"created": "2026-03-05"}


def _over(plain: dict[str, Any]) -> None:
    plain["waivers"][0] |= {"expires": "2026-02-28"}


def _long(plain: dict[str, Any]) -> None:
    plain["waivers"][0] |= {"expires": "2026-12-31"}


def _another(plain: dict[str, Any]) -> None:
    plain["waivers"][0] |= {"target": "tests"}


def _nobody(plain: dict[str, Any]) -> None:
    plain["waivers"].clear()


def test_a_check_in_doubt_with_a_waived_finding_is_whole() -> None:
    waived = made.covered(made.finding("ROT"), made.waiver("ENV001", target="ROT"))
    assert records(_in_doubt(waived)) == []


def test_a_finding_that_blocks_is_no_doubt() -> None:
    assert records(_in_doubt(made.finding("ROT"))) == ["report.json ENV001"]


def _in_doubt(found: JudgedFinding) -> dict[str, bytes]:
    half = made.Outcome(Status.UNKNOWN, findings=(found,), reason="another file is broken")
    chain = evidence((("ev-0002", "ENV001"),))
    policy = Policy(required=frozenset({"ENV001"}))
    document = made.document({"ENV001": half}, policy, evidence_head=head_of(chain))
    assert document.verdict is Verdict.UNVERIFIED
    return files_of(document, chain)


@pytest.mark.parametrize("edit", [_later, _over, _long, _another, _nobody])
def test_what_no_waiver_that_held_covers_is_not_waived(edit: Callable[[dict[str, Any]], None]) -> None:
    assert "report.json BLD003" in records(resealed(stored(), edit))


def test_a_finding_called_waived_afterwards_is_found() -> None:
    def edit(plain: dict[str, Any]) -> None:
        check = plain["sections"][0]["checks"][0]
        check["findings"][0]["waiver"] = "waivers.toml:1"
        check |= {"status": "waived", "reason": "why not"}
        plain["summary"] |= {"fail": 0, "waived": 2}

    assert "report.json ENV001" in records(resealed(stored(), edit))


@pytest.mark.parametrize(
    ("failed_at", "kind", "verdict", "holds"),
    [
        (None, "deploy", Verdict.DEPLOYED, True),
        (6, "deploy", Verdict.DEPLOYED, False),
        (None, "rollback", Verdict.ROLLED_BACK, True),
        (None, "deploy", Verdict.ROLLED_BACK, False),
        (9, "deploy", Verdict.ROLLED_BACK, True),
        (6, "deploy", Verdict.STOPPED, True),
        (None, "deploy", Verdict.STOPPED, False),
        (6, "deploy", Verdict.FROZEN, True),
        (6, "deploy", Verdict.READY, False),
    ],
)
def test_a_deploys_verdict_follows_from_its_steps(
    failed_at: int | None,
    kind: str,
    verdict: Verdict,
    holds: bool,  # noqa: FBT001 - a row of the table
) -> None:
    files = stored(
        outcomes={"ENV012": made.EVERY_STATUS["ENV012"]},
        steps=made.steps(failed_at),
        kind=kind,
        verdict=verdict,
    )
    assert ("report.json verdict" not in records(files)) is holds


def test_another_head_is_found_only_when_it_is_asked_for() -> None:
    (problem,) = verify(stored(), VERSION, "f" * 40)
    assert made.COMMIT in problem.message
    assert verify(stored(), VERSION, None) == ()


def test_a_rollback_is_about_the_release_it_went_to_and_not_about_head() -> None:
    assert "report.json" not in records(stored(kind="rollback"), "f" * 40)


def test_a_report_of_another_hotelctl_is_whole_though_its_words_differ() -> None:
    files = stored()
    body = files[MARKDOWN].rpartition(b"<!-- ")[0].replace(b"Sign-off", b"Sign off")
    trailer = f"<!-- sha256:{hashlib.sha256(body).hexdigest()} of every byte above this line -->\n"
    files[MARKDOWN] = body + trailer.encode()
    assert verify(files, "9.9.9") == ()
    assert verify(files, VERSION) != ()


statuses = st.lists(st.sampled_from(sorted(made.EVERY_STATUS)), unique=True, min_size=1)


@settings(max_examples=20)
@given(statuses, st.sampled_from(list(Severity)), st.booleans())
def test_the_verifier_and_the_gate_agree(rules: list[str], fail_on: Severity, strict: bool) -> None:  # noqa: FBT001 - drawn by hypothesis
    policy = Policy(fail_on, frozenset(rules) if strict else frozenset())
    outcomes = {
        rule: made.Outcome(
            Status.FAILED if o.findings and o.findings[0].severity >= fail_on else Status.WARNED,
            findings=o.findings,
        )
        if (o := made.EVERY_STATUS[rule]).findings and o.status is not Status.WAIVED
        else o
        for rule in rules
    }
    report = made.report(outcomes, policy)
    assert report.verdict is gate(report.results, policy)
    files = stored(outcomes=outcomes, policy=policy)
    assert "report.json verdict" not in records(files)


def test_a_target_that_passes_stands_on_a_measurement_and_on_evidence() -> None:
    whole = stored(performance=(made.MEASURED,))
    assert verify(whole, VERSION) == ()

    def changed(**fields: Any) -> list[str]:  # noqa: ANN401 - any field of a row
        edited = resealed(whole, lambda raw: raw["performance"][0].update(fields))
        return [problem.message for problem in verify(edited, VERSION) if "api_p95" in problem.record]

    assert changed(evidence=["ev-0099"]) == ["names evidence that is not on record: ev-0099"]
    assert changed(measured=None) == ["passes without a measurement on record"]
    assert changed(evidence=[]) == ["passes without a measurement on record"]


@pytest.mark.parametrize(
    ("cached", "since", "whole"),
    [
        ({"report": "r1"}, "2026-03-01T11:00:00+00:00", True),
        ({"report": "r1"}, "2026-03-01T10:59:00+00:00", False),
        ({"report": "r1"}, "some time ago", False),
        (None, "2026-03-01T11:00:00+00:00", False),
    ],
    ids=["told", "another time", "no time", "measured now"],
)
def test_a_check_says_since_when_its_answer_is_kept(
    cached: dict[str, str] | None, since: str, *, whole: bool
) -> None:
    chain = evidence((), cached=cached, started_at=since)
    outcomes = {"ENV012": made.WITH_KEPT["ENV012"]}
    document = json.sealed(made.report(outcomes, evidence_head=head_of(chain)), by_shape)
    wrong = records(files_of(document, chain))
    assert wrong == ([] if whole else ["report.json ENV012"])


def test_a_check_that_hides_that_its_answer_was_kept_is_found() -> None:
    chain = evidence((), cached={"report": "r1"}, started_at="2026-03-01T11:00:00+00:00")
    outcomes = {"ENV012": made.EVERY_STATUS["ENV012"]}
    document = json.sealed(made.report(outcomes, evidence_head=head_of(chain)), by_shape)
    assert records(files_of(document, chain)) == ["report.json ENV012"]


@pytest.mark.parametrize(("locks", "whole"), [(made.KEPT_LOCKS, True), (made.LOCKS, False)])
def test_a_lock_timeline_says_since_when_it_is_kept(locks: LockTimeline, *, whole: bool) -> None:
    chain = evidence((), cached={"report": "r1"}, started_at="2026-03-01T11:00:00+00:00")
    report = made.report({}, evidence_head=head_of(chain), lock_timeline=locks)
    wrong = records(files_of(json.sealed(report, by_shape), chain))
    assert wrong == ([] if whole else ["report.json lock_timeline"])


def test_a_lock_timeline_stands_on_evidence() -> None:
    whole = stored(lock_timeline=made.LOCKS)
    assert verify(whole, VERSION) == ()
    edited = resealed(whole, lambda raw: raw["lock_timeline"].update(evidence=["ev-0099"]))
    (problem,) = verify(edited, VERSION)
    assert (problem.record, problem.message) == (
        "report.json lock_timeline",
        "names evidence that is not on record: ev-0099",
    )


@pytest.mark.parametrize(
    "edit",
    [{"bars": []}, {"statements": []}, {"total_ms": -1.0}],
    ids=str,
)
def test_a_lock_timeline_that_cannot_be_is_told(edit: dict[str, Any]) -> None:
    whole = stored(lock_timeline=made.LOCKS)
    plain = jsonlib.loads(whole[REPORT])
    plain["lock_timeline"].update(edit)
    (problem,) = verify({**whole, REPORT: jsonlib.dumps(plain).encode()}, VERSION)
    assert "is no report that can be read" in problem.message
