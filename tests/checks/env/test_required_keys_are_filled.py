import pytest

from hotelctl.checks.env.required_keys_are_filled import required_keys_are_filled
from tests.checks import made

_CONTRACT = made.contract(TOKEN={"required": ["production"]}, COLOUR={})


def test_a_value_is_fine_and_an_absent_key_is_another_rule() -> None:
    assert not made.judged(required_keys_are_filled, made.environment(TOKEN="x", COLOUR=""), _CONTRACT)
    assert not made.judged(required_keys_are_filled, made.environment(), _CONTRACT)


@pytest.mark.parametrize("blank", ["", " ", "\t "])
def test_a_blank_value_is_named_with_its_line(blank: str) -> None:
    (finding,) = made.judged(required_keys_are_filled, made.environment(TOKEN=blank), _CONTRACT)
    assert finding.subject == "TOKEN"
    assert str(finding.location) == ".env.local:1"
