import pytest

from hotelctl.facts.env_values import range_problem, type_problem
from hotelctl.facts.key_rule import KeyRule


@pytest.mark.parametrize(
    ("kind", "value", "good"),
    [
        ("int", "-3", True),
        ("int", "1e3", False),
        ("int", "٣", True),
        ("float", "1e3", True),
        ("float", ".", False),
        ("float", "nan", False),
        ("bool", "OFF", True),
        ("bool", "2", False),
        ("url", "http://[", True),
        ("url", "mailto:x", False),
        ("duration", "1.5h", True),
        ("duration", "1y", False),
        ("list", '["a", 1]', True),
        ("list", '["a"', False),
        ("path", "a\0b", False),
        ("str", "", True),
    ],
)
def test_types(kind: str, value: str, good: bool) -> None:  # noqa: FBT001 - the expected answer
    rule = KeyRule.model_validate({"docs": "x", "type": kind})
    assert (type_problem(rule, value) is None) is good


def test_limits_are_inclusive() -> None:
    rule = KeyRule.model_validate({"docs": "x", "type": "float", "min": 0.5, "max": 1})
    assert [range_problem(rule, value) for value in ("0.5", "1")] == [None, None]
    assert range_problem(rule, "0.49") == "is below 0.5"
    assert range_problem(rule, "1.01") == "is above 1"


def test_a_length_has_two_limits() -> None:
    rule = KeyRule.model_validate({"docs": "x", "min_length": 2, "max_length": 3})
    assert [range_problem(rule, value) is None for value in ("a", "ab", "abc", "abcd")] == [
        False,
        True,
        True,
        False,
    ]
