from dataclasses import replace

import pytest

from hotelctl.cli._policy import Commands, advice, exit_code, policy
from hotelctl.cli._selection import Selection
from hotelctl.core.check import Check, Stage
from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Severity
from hotelctl.core.report import Policy, Status, Verdict
from tests.cli.test__selection import nothing
from tests.render import made


def check(rule: str, severity: Severity, stage: Stage = Stage.PREFLIGHT) -> Check:
    return Check(made.info(rule, severity=severity, stage=stage), (), nothing)


CHECKS = (
    check("ENV001", Severity.CRITICAL),
    check("ENV003", Severity.HIGH),
    check("TST001", Severity.CRITICAL, Stage.TEST),
    check("BLD003", Severity.CRITICAL, Stage.BUILD),
    check("SEC010", Severity.HIGH, Stage.AUDIT),
    check("OPS005", Severity.CRITICAL, Stage.RUNNING),
    check("SEC017", Severity.CRITICAL, Stage.SANDBOX),
    check("ENV005", Severity.LOW),
)


@pytest.mark.parametrize(
    ("profile", "required"),
    [
        ("ci", {"ENV001", "TST001", "BLD003", "SEC017"}),
        ("staging", {"ENV001", "ENV003", "TST001", "BLD003", "SEC010", "SEC017"}),
        ("production", {"ENV001", "ENV003", "TST001", "BLD003", "SEC010", "SEC017"}),
    ],
)
def test_required_are_the_grave_checks_that_can_be_asked_before_a_deploy(
    profile: str, required: set[str]
) -> None:
    assert policy(Selection(CHECKS), profile, "high", ()).required == required


def test_more_can_be_required_by_rule_or_section() -> None:
    assert "ENV005" in policy(Selection(CHECKS), "ci", "high", ("ENV005",)).required
    assert "OPS005" in policy(Selection(CHECKS), "ci", "high", ("operations",)).required


def test_what_is_skipped_stays_required_and_what_is_left_out_does_not() -> None:
    selection = Selection(CHECKS[:1], skipped=CHECKS[2:3], left_out=CHECKS[3:4])
    assert policy(selection, "ci", "high", ()).required == {"ENV001", "TST001"}


def test_a_required_rule_that_is_left_out_is_refused() -> None:
    with pytest.raises(UsageError, match="BLD003, which --only leaves out"):
        policy(Selection(CHECKS[:1], left_out=CHECKS[3:]), "ci", "high", ("BLD003",))


def test_an_unknown_required_rule_is_refused() -> None:
    with pytest.raises(UsageError, match="--required is called 'ENV01'"):
        policy(Selection(CHECKS), "ci", "high", ("ENV01",))


@pytest.mark.parametrize("name", ["info", "low", "medium", "high", "critical"])
def test_the_limit_is_the_one_that_was_named(name: str) -> None:
    assert policy(Selection(CHECKS), "ci", name, ()).fail_on is Severity[name.upper()]


@pytest.mark.parametrize(
    ("verdict", "code"),
    [(Verdict.READY, 0), (Verdict.READY_WITH_NOTES, 0), (Verdict.BLOCKED, 1), (Verdict.UNVERIFIED, 3)],
)
def test_the_exit_code_says_the_verdict(verdict: Verdict, code: int) -> None:
    assert exit_code(verdict) == code


def test_advice_names_what_to_do_with_the_worst_first() -> None:
    results = made.report().results
    again = Commands("hotelctl validate --env x", ("hotelctl plan --env x",))
    mend = "mend ENV001; hotelctl explain ENV001 says how"
    assert advice(results, Policy(), Verdict.BLOCKED, again) == (mend, "hotelctl validate --env x")
    held_to = Policy(required=frozenset({"DB001", "TST001"}))
    assert "DB001, TST001" in advice(results, held_to, Verdict.UNVERIFIED, again)[0]
    assert advice((), Policy(), Verdict.READY, again) == ("hotelctl plan --env x",)
    served = Commands("hotelctl verify", (), ("hotelctl rollback",))
    assert advice(results, Policy(), Verdict.BLOCKED, served) == (
        mend,
        "hotelctl rollback",
        "hotelctl verify",
    )
    assert advice((), Policy(), Verdict.READY, served) == ()


def test_the_first_that_is_named_is_the_one_that_is_explained() -> None:
    (worst,) = (one for one in made.report().results if one.status is Status.FAILED)
    milder = replace(worst, info=replace(worst.info, id="DKR002", severity=Severity.HIGH))
    told = advice((milder, worst), Policy(), Verdict.BLOCKED, Commands("hotelctl validate", ()))
    assert told[0] == "mend ENV001, DKR002; hotelctl explain ENV001 says how"


def test_a_check_of_which_a_part_is_left_out_is_required_only_where_it_is_named() -> None:
    in_part = frozenset({"BLD003"})
    assert "BLD003" not in policy(Selection(CHECKS), "ci", "high", (), in_part).required
    assert "BLD003" in policy(Selection(CHECKS), "ci", "high", ("BLD003",), in_part).required
