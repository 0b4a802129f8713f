import pytest

from hotelctl.checks.env.values_are_in_range import values_are_in_range
from tests.checks import made


@pytest.mark.parametrize(
    ("rule", "good", "bad"),
    [
        ({"type": "int", "min": 1, "max": 10}, "10", "11"),
        ({"type": "int", "min": 1, "max": 10}, "1", "0"),
        ({"choices": ["debug", "info"]}, "info", "loud"),
        ({"pattern": "^[a-z]+$"}, "abc", "ABC"),
        ({"min_length": 4, "secret": True}, "hunter2", "abc"),
    ],
)
def test_limits_choices_pattern_and_length(rule: dict[str, object], good: str, bad: str) -> None:
    contract = made.contract(KEY=rule)
    assert not made.judged(values_are_in_range, made.environment(KEY=good), contract)
    (finding,) = made.judged(values_are_in_range, made.environment(KEY=bad), contract)
    assert finding.subject == "KEY"


def test_a_wrong_type_is_left_to_its_own_rule() -> None:
    contract = made.contract(KEY={"type": "int", "min": 1})
    assert not made.judged(values_are_in_range, made.environment(KEY="many"), contract)
