"""What betterleaks is told beside its own rules."""

import re
import tomllib
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotelctl.facts.leak_rules import toml

_RULES = {rule["id"]: rule for rule in tomllib.loads(toml())["rules"]}


@pytest.mark.parametrize(
    "name",
    ["pgpass-password", "password-as-a-default", "named-value", "value-of-a-name", "password-block"],
)
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_meets_a_rule_holds_one_of_its_words(name: str, data: Any) -> None:  # noqa: ANN401 - of hypothesis
    # A file without any of them is not looked through, so that one that is wrong hides what it should find.
    rule = _RULES[f"generic-{name}"]
    # A vertical tab is white space to Python, and none to the engine that reads the rules.
    text = data.draw(st.from_regex(re.compile(rule["regex"], re.ASCII)).filter(lambda one: "\v" not in one))
    assert any(word in text.lower() for word in rule["keywords"]), text
