"""What betterleaks is told beside its own rules."""

import re
import tomllib
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hotelctl.facts.leak_rules import toml

_RULES = {rule["id"]: rule for rule in tomllib.loads(toml())["rules"]}


@cache  # an expression of 300 characters takes ten times as long to be made one as a text to be drawn
def _meeting(regex: str) -> st.SearchStrategy[str]:
    """Texts that meet `regex` as the engine reads it: to Python a vertical tab is white space, to it none."""
    return st.from_regex(re.compile(regex, re.ASCII)).filter(lambda one: "\v" not in one)


@pytest.mark.parametrize(
    "name",
    ["pgpass-password", "password-as-a-default", "named-value", "value-of-a-name", "password-block"],
)
@given(data=st.data())
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_meets_a_rule_holds_one_of_its_words(name: str, data: Any) -> None:  # noqa: ANN401 - of hypothesis
    # A file without any of them is not looked through, so that one that is wrong hides what it should find.
    rule = _RULES[f"generic-{name}"]
    text = data.draw(_meeting(rule["regex"]))
    assert any(word in text.lower() for word in rule["keywords"]), text
