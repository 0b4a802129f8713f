from dataclasses import replace

from hotelctl.checks.env.required_keys_are_set import required_keys_are_set
from tests.checks import made

_CONTRACT = made.contract(TOKEN={"required": ["production"], "example": "..."}, COLOUR={})


def test_set_keys_and_optional_keys_are_fine() -> None:
    assert not made.judged(required_keys_are_set, made.environment(TOKEN="x"), _CONTRACT)


def test_a_missing_key_is_named_with_the_contract_line() -> None:
    (finding,) = made.judged(required_keys_are_set, made.environment(COLOUR="red"), _CONTRACT)
    assert finding.subject == "TOKEN"
    assert str(finding.location) == "env.toml:10"


def test_another_profile_does_not_ask_for_it() -> None:
    assert not made.judged(required_keys_are_set, made.environment("ci"), _CONTRACT)


def test_the_fix_is_a_command_that_adds_the_line_to_the_file_that_wins() -> None:
    here = replace(made.environment(), files=(".env.local", "my deploy/.env"))
    contract = made.contract(TOKEN={"required": ["production"], "example": "it's"})
    (finding,) = made.judged(required_keys_are_set, here, contract)
    assert finding.fix == """(umask 077; echo 'TOKEN=it'"'"'s' >> 'my deploy/.env')"""


def test_where_no_env_file_is_read_the_variable_is_exported() -> None:
    contract = made.contract(TOKEN={"required": ["production"], "default": "x"})
    (finding,) = made.judged(required_keys_are_set, made.environment(), contract)
    assert finding.fix == "export TOKEN=x"
