from dataclasses import replace
from datetime import date

from hotelctl.core.finding import Severity
from hotelctl.core.report import CheckResult, JudgedFinding, Policy, Status, Verdict, blocking, gate
from hotelctl.core.waiver import Waiver
from hotelctl.core.waiving import waived
from tests.render import made

TODAY = date(2026, 3, 1)
ROT = made.waiver("ENV001", target="ROT")


def result(*findings: JudgedFinding, rule: str = "ENV001") -> CheckResult:
    return CheckResult(made.info(rule), Status.FAILED, 0.1, ("ev-1",), findings)


def under(judged: CheckResult, *waivers: Waiver) -> CheckResult:
    return waived(judged, waivers, TODAY, Severity.HIGH)


def test_a_check_all_of_whose_findings_are_covered_is_waived_and_keeps_them() -> None:
    judged = under(result(made.finding("ROT")), ROT)
    assert judged.status is Status.WAIVED
    assert judged.reason == ROT.told()
    assert [f.waiver for f in judged.findings] == [ROT]
    assert blocking([judged], Policy()) == ()
    assert gate([judged], Policy()) is Verdict.READY_WITH_NOTES


def test_what_is_not_covered_still_counts_and_stands_first() -> None:
    judged = under(result(made.finding("ROT"), made.finding("LOW", severity=Severity.LOW)), ROT)
    assert (judged.status, judged.reason) == (Status.WARNED, None)
    assert [f.finding.subject for f in judged.findings] == ["LOW", "ROT"]
    failed = under(result(made.finding("ROT"), made.finding("BAD")), ROT)
    assert failed.status is Status.FAILED
    assert [f.finding.subject for f in blocking([failed], Policy())] == ["BAD"]


def test_a_waiver_that_does_not_hold_changes_nothing() -> None:
    judged = result(made.finding("ROT"))
    ended = made.waiver("ENV001", target="ROT", expires=date(2026, 2, 27))
    undated = made.waiver("ENV001", target="ROT", created=None)
    another = made.waiver("ENV002", target="ROT")
    assert under(judged, ended, undated, another) == judged


def test_what_could_not_be_judged_is_not_waived() -> None:
    for status in (Status.UNKNOWN, Status.SKIPPED, Status.NOT_APPLICABLE):
        judged = CheckResult(made.info("ENV001"), status, 0.1, reason="no server")
        assert under(judged, ROT) == judged


def test_a_waiver_does_not_cover_what_could_not_be_judged() -> None:
    half = replace(result(made.finding("ROT")), reason="another file is broken")
    judged = under(half, ROT)
    assert (judged.status, judged.reason) == (Status.UNKNOWN, "another file is broken")
    assert [f.waiver for f in judged.findings] == [ROT]
    assert gate([judged], Policy(required=frozenset({"ENV001"}))) is Verdict.UNVERIFIED
    mild = replace(half, status=Status.UNKNOWN, findings=(made.finding("ROT", severity=Severity.LOW),))
    assert under(mild, ROT).status is Status.UNKNOWN
    failed = under(replace(half, findings=(*half.findings, made.finding("BAD"))), ROT)
    assert (failed.status, failed.reason) == (Status.FAILED, "another file is broken")


def test_the_rule_about_waivers_cannot_be_waived() -> None:
    judged = result(made.finding("ROT"), rule="SEC023")
    assert under(judged, made.waiver("SEC023", target="ROT")) == judged
