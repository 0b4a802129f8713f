import pytest

from hotelctl.checks.schema.squawk_finds_no_hazard import squawk_finds_no_hazard as check
from hotelctl.core.errors import Unavailable
from hotelctl.core.finding import CommandOutput, Severity
from hotelctl.facts.migration_lint import MigrationLint, MigrationRemark
from tests.checks import made

_PATH = "migrations/2.sql"


def lint(*found: MigrationRemark, **doubts: str) -> MigrationLint:
    """What squawk says of the migrations."""
    return MigrationLint(("squawk",), found, doubts)


def remark(
    line: int, level: str = "warning", words: str = "Use something else.", *, seen: bool | None = None
) -> MigrationRemark:
    """One of its remarks."""
    return MigrationRemark("changing-column-type", level, _PATH, line, "The table is rewritten.", words, seen)


def test_no_remark_of_squawk_is_fine() -> None:
    assert made.judged(check, lint()) == []


def test_each_remark_keeps_its_rule_place_and_page_and_an_error_is_worse() -> None:
    found = made.judged(check, lint(remark(4), remark(9, "error", "")))
    assert [one.subject for one in found] == ["changing-column-type", "changing-column-type #2"]
    assert [str(one.location) for one in found] == [f"{_PATH}:4", f"{_PATH}:9"]
    assert [one.severity for one in found] == [None, Severity.HIGH]
    page = "https://squawkhq.com/docs/changing-column-type"
    assert [one.fix for one in found] == [f"Use something else.\n{page}", page]
    assert check.info.severity is Severity.MEDIUM


def test_what_the_shadow_run_saw_or_refuted_is_not_told_again_but_counted() -> None:
    (one,) = made.judged(check, lint(remark(2, seen=True), remark(4), remark(6, seen=False)))
    assert (one.subject, str(one.location)) == ("changing-column-type", f"{_PATH}:4")
    (evidence,) = one.evidence
    assert isinstance(evidence, CommandOutput)
    assert evidence.excerpt.endswith("1 remarks seen by the shadow run, too, 1 refuted by it")
    assert made.judged(check, lint(remark(2, seen=True), remark(6, seen=False))) == []


def test_a_file_that_could_not_be_judged_is_unknown_after_what_was_found() -> None:
    found = iter(check.judge(lint(remark(4), **{"migrations/3.sql": "squawk cannot read line 2"})))
    assert str(next(found).location) == f"{_PATH}:4"
    with pytest.raises(Unavailable, match=r"migrations/3\.sql: squawk cannot read line 2"):
        next(found)
