from dataclasses import replace

import pytest

from hotelctl.checks.env.contract_rules_are_kept import contract_rules_are_kept
from hotelctl.core.errors import NotApplicable
from hotelctl.facts.env_contract import EnvContract
from hotelctl.facts.env_rule import EnvRule
from tests.checks import made


def ruled(**rule: object) -> EnvContract:
    keys = made.contract(A={"secret": True}, B={"secret": True}, C={})
    return replace(keys, rules=(EnvRule.model_validate(rule),), rule_lines=(44,))


def test_without_rules_the_question_does_not_arise() -> None:
    with pytest.raises(NotApplicable, match=r"env\.toml"):
        made.judged(contract_rules_are_kept, made.environment(A="1"), made.contract(A={}))


def test_a_rule_that_is_kept_is_fine() -> None:
    rule = ruled(kind="requires", key="A", keys=["B"])
    assert not made.judged(contract_rules_are_kept, made.environment(A="1", B="2"), rule)
    assert not made.judged(contract_rules_are_kept, made.environment(A=" "), rule)


def test_a_broken_rule_names_contract_line_place_and_fix() -> None:
    rule = ruled(kind="requires", key="A", keys=["B", "C"], docs="a pair")
    (finding,) = made.judged(contract_rules_are_kept, made.environment(A="hunter2"), rule)
    assert finding.message == "env.toml:44: A is set without B and C: a pair"
    assert str(finding.location) == ".env.local:1"
    assert finding.fix == "B=...\nC=..."
    assert len(finding.evidence) == 2


@pytest.mark.parametrize(
    ("kind", "values", "fix"),
    [
        ("one_of", {"A": "hunter2", "B": "hunter2x"}, "unset B"),
        ("one_of", {}, "A=..."),
        ("equal", {"A": "hunter2", "B": "hunter2x"}, "B=..."),
    ],
)
def test_each_kind_has_a_fix(kind: str, values: dict[str, str], fix: str) -> None:
    found = made.judged(
        contract_rules_are_kept, made.environment(**values), ruled(kind=kind, keys=["A", "B"])
    )
    assert [one.fix for one in found] == [fix]


def test_keys_that_exclude_each_other() -> None:
    rule = ruled(kind="excludes", key="A", keys=["C"])
    (finding,) = made.judged(contract_rules_are_kept, made.environment(A="hunter2", C="x"), rule)
    assert finding.fix == "unset A"


@pytest.mark.parametrize(
    ("rule", "fix"),
    [
        ({"kind": "excludes", "key": "A;id", "keys": ["C"]}, "unset 'A;id'"),
        ({"kind": "one_of", "keys": ["C", "A;id"]}, "unset 'A;id'"),
    ],
)
def test_a_name_is_quoted_where_the_shell_would_run_it(rule: dict[str, object], fix: str) -> None:
    values = {"A;id": "1", "C": "2"}
    contract = replace(made.contract(**{"A;id": {}, "C": {}}), rules=(EnvRule.model_validate(rule),))
    (finding,) = made.judged(contract_rules_are_kept, made.environment("production", **values), contract)
    assert finding.fix == fix
