from hotelctl.checks.env.deprecated_keys_are_unset import deprecated_keys_are_unset
from tests.checks import made

_CONTRACT = made.contract(OLD={"deprecated": "use NEW", "secret": True}, NEW={})


def test_new_keys_and_blank_old_ones_are_fine() -> None:
    assert not made.judged(deprecated_keys_are_unset, made.environment(NEW="1", OLD=" "), _CONTRACT)


def test_an_old_key_with_a_value_is_a_finding_with_what_to_use() -> None:
    (finding,) = made.judged(deprecated_keys_are_unset, made.environment(OLD="hunter2"), _CONTRACT)
    assert "use NEW" in finding.message
    assert str(finding.location) == ".env.local:1"
    assert finding.fix == "sed -i '1d' .env.local"
