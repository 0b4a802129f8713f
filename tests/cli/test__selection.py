from collections.abc import Iterator

import pytest

from hotelctl.cli._selection import rules_asked_for, select
from hotelctl.core.check import Check, Named, Stage
from hotelctl.core.errors import UsageError
from hotelctl.core.finding import Finding
from tests.render import made


def nothing() -> Iterator[Finding]:
    yield from ()


def check(rule: str, stage: Stage = Stage.PREFLIGHT) -> Check:
    return Check(made.info(rule, stage=stage), (), nothing)


CHECKS = tuple(check(rule) for rule in ("ENV001", "ENV002", "DB001", "TST001"))


def ids(checks: tuple[Named, ...]) -> list[str]:
    return [one.id for one in checks]


@pytest.mark.parametrize(
    ("only", "skip", "chosen", "skipped", "left_out"),
    [
        ((), (), ["ENV001", "ENV002", "DB001", "TST001"], [], []),
        (("environment",), (), ["ENV001", "ENV002"], [], ["DB001", "TST001"]),
        (("environment,DB001",), (), ["ENV001", "ENV002", "DB001"], [], ["TST001"]),
        (("environment", " db-001 "), ("ENV002",), ["ENV001", "DB001"], ["ENV002"], ["TST001"]),
        ((), ("schema", "tests,"), ["ENV001", "ENV002"], ["DB001", "TST001"], []),
    ],
    ids=str,
)
def test_checks_are_chosen_by_section_and_rule(
    only: tuple[str, ...], skip: tuple[str, ...], chosen: list[str], skipped: list[str], left_out: list[str]
) -> None:
    found = select(CHECKS, only, skip)
    assert (ids(found.chosen), ids(found.skipped), ids(found.left_out)) == (chosen, skipped, left_out)


@pytest.mark.parametrize(
    ("name", "meant"),
    [("enviroment", "environment"), ("env", "environment"), ("ENV01", "ENV00"), ("Schemas", "schema")],
)
def test_an_unknown_name_is_refused_with_what_was_meant(name: str, meant: str) -> None:
    for flags in (((name,), ()), ((), (name,))):
        with pytest.raises(UsageError, match=f"did you mean '{meant}"):
            select(CHECKS, *flags)


def test_nothing_left_to_run_is_refused() -> None:
    with pytest.raises(UsageError, match="no check to run"):
        select(CHECKS, ("ENV001",), ("environment",))


def test_one_rule_is_found_in_any_spelling() -> None:
    infos = [one.info for one in CHECKS]
    for spelling in ("DB001", "db001", "db-001"):
        assert [info.id for info in rules_asked_for(infos, spelling, every=False)] == ["DB001"]
    assert len(rules_asked_for(infos, None, every=True)) == len(CHECKS)


@pytest.mark.parametrize(("rule", "every"), [(None, False), ("DB001", True)])
def test_neither_or_both_is_refused(rule: str | None, every: bool) -> None:  # noqa: FBT001 - a row of the table
    with pytest.raises(UsageError, match="name one rule"):
        rules_asked_for([], rule, every=every)
