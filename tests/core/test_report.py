import itertools
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotelctl.core.finding import Severity
from hotelctl.core.report import CheckResult, Policy, Status, Verdict, blocking, gate, worst
from tests.render import made

ORDER = (
    Status.FAILED,
    Status.UNKNOWN,
    Status.WARNED,
    Status.WAIVED,
    Status.SKIPPED,
    Status.PASSED,
    Status.NOT_APPLICABLE,
)
REASONED = (Status.UNKNOWN, Status.SKIPPED, Status.NOT_APPLICABLE)
FOUND = (Status.FAILED, Status.WARNED, Status.WAIVED)


def result(status: Status, severity: Severity = Severity.CRITICAL, rule: str = "ENV001") -> CheckResult:
    found = made.finding(severity=severity)
    found = made.covered(found, made.waiver()) if status is Status.WAIVED else found
    return CheckResult(
        made.info(rule),
        status,
        0.0,
        ("ev-1",) if status is Status.PASSED else (),
        (found,) if status in FOUND else (),
        "no server" if status in (*REASONED, Status.WAIVED) else None,
    )


def results(statuses: Iterable[Status]) -> list[CheckResult]:
    return [result(status, rule=f"ENV{n:03}") for n, status in enumerate(statuses, start=1)]


def test_nothing_passes_without_an_evidence_record() -> None:
    with pytest.raises(ValueError, match="ENV001 passed without an evidence record"):
        CheckResult(made.info("ENV001"), Status.PASSED, 0.0)


@pytest.mark.parametrize("status", REASONED)
@pytest.mark.parametrize("reason", [None, ""])
def test_nothing_is_undecided_without_a_reason(status: Status, reason: str | None) -> None:
    with pytest.raises(ValueError, match=f"ENV001 is {status} without a reason"):
        CheckResult(made.info("ENV001"), status, 0.0, ("ev-1",), reason=reason)


@pytest.mark.parametrize("status", [Status.FAILED, Status.WARNED])
def test_nothing_fails_or_warns_without_a_finding(status: Status) -> None:
    with pytest.raises(ValueError, match="with 0 findings"):
        CheckResult(made.info("ENV001"), status, 0.0, ("ev-1",))


def test_nothing_passes_with_a_finding() -> None:
    with pytest.raises(ValueError, match="is pass with 1 findings"):
        CheckResult(made.info("ENV001"), Status.PASSED, 0.0, ("ev-1",), (made.finding(),))


@given(st.lists(st.sampled_from(Status), min_size=1))
def test_a_section_shows_its_worst(statuses: list[Status]) -> None:
    assert worst(statuses) is min(statuses, key=ORDER.index)


def test_no_status_at_all_is_no_pass() -> None:
    assert worst(()) is Status.NOT_APPLICABLE


@given(st.lists(st.sampled_from(Status)).filter(lambda found: Status.UNKNOWN in found))
def test_what_could_not_be_judged_is_never_green(statuses: list[Status]) -> None:
    assert worst(statuses) in (Status.UNKNOWN, Status.FAILED)
    assert gate(results(statuses), Policy()) is not Verdict.READY


@pytest.mark.parametrize("fail_on", Severity)
@pytest.mark.parametrize("severity", Severity)
def test_a_finding_blocks_at_and_above_the_limit(severity: Severity, fail_on: Severity) -> None:
    status = Status.FAILED if severity >= fail_on else Status.WARNED
    expected = Verdict.BLOCKED if severity >= fail_on else Verdict.READY_WITH_NOTES
    assert gate([result(status, severity)], Policy(fail_on)) is expected
    # The status that a check was given under another limit does not soften the gate.
    assert gate([result(Status.WARNED, severity)], Policy(fail_on)) is expected


def test_a_waived_finding_blocks_nothing_and_is_noted() -> None:
    assert gate([result(Status.WAIVED)], Policy(Severity.INFO)) is Verdict.READY_WITH_NOTES


VERDICTS = {
    (Status.PASSED, False): Verdict.READY,
    (Status.PASSED, True): Verdict.READY,
    (Status.UNKNOWN, False): Verdict.READY_WITH_NOTES,
    (Status.UNKNOWN, True): Verdict.UNVERIFIED,
    (Status.SKIPPED, False): Verdict.READY_WITH_NOTES,
    (Status.SKIPPED, True): Verdict.UNVERIFIED,
    (Status.WAIVED, True): Verdict.READY_WITH_NOTES,
    (Status.NOT_APPLICABLE, False): Verdict.READY,
    (Status.NOT_APPLICABLE, True): Verdict.READY,
    (Status.FAILED, True): Verdict.BLOCKED,
    (Status.WARNED, True): Verdict.BLOCKED,
}


@pytest.mark.parametrize(("status", "required"), VERDICTS)
def test_the_verdict_of_one_check_beside_one_that_passed(status: Status, required: bool) -> None:  # noqa: FBT001 - a row of the matrix
    policy = Policy(required=frozenset({"ENV002"} if required else set()))
    assert gate(results([Status.PASSED, status]), policy) is VERDICTS[status, required]


def test_a_required_check_that_has_no_result_is_not_verified() -> None:
    assert gate(results([Status.PASSED]), Policy(required=frozenset({"ENV009"}))) is Verdict.UNVERIFIED


@pytest.mark.parametrize("statuses", [(), (Status.NOT_APPLICABLE,)])
def test_where_nothing_was_measured_nothing_is_simply_ready(statuses: tuple[Status, ...]) -> None:
    assert gate(results(statuses), Policy()) is Verdict.READY_WITH_NOTES


def test_a_blocking_finding_outweighs_a_doubt() -> None:
    both = results([Status.UNKNOWN, Status.FAILED])
    assert gate(both, Policy(required=frozenset({"ENV001"}))) is Verdict.BLOCKED


def test_the_worst_finding_blocks_first() -> None:
    found = [result(Status.FAILED, severity) for severity in (Severity.HIGH, Severity.CRITICAL)]
    assert [f.severity for f in blocking(found, Policy())] == [Severity.CRITICAL, Severity.HIGH]
    assert [f.severity for f in blocking(found, Policy(Severity.CRITICAL))] == [Severity.CRITICAL]


def test_sections_stand_in_the_order_of_the_report_and_rules_by_their_number() -> None:
    rules = ("OPS002", "ENV010", "DB001", "ENV009", "ENV100")
    report = made.report({rule: made.Outcome(Status.PASSED) for rule in rules})
    assert report.sections() == ("environment", "schema", "operations")
    assert [r.info.id for r in report.section("environment")] == ["ENV009", "ENV010", "ENV100"]
    assert report.section("docker") == ()


@given(st.lists(st.sampled_from(Status), max_size=8))
def test_the_summary_counts_every_check_once(statuses: list[Status]) -> None:
    summary = made.report({}, results=tuple(results(statuses))).summary()
    assert summary.pop("checks") == len(statuses) == sum(summary.values())
    for status in Status:
        assert summary[status.value] == statuses.count(status)


def test_every_status_has_its_rank() -> None:
    for better, worse in itertools.pairwise(reversed(ORDER)):
        assert worst((better, worse)) is worse
    assert set(ORDER) == set(Status)
