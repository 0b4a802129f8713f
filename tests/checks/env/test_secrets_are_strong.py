import pytest

from hotelctl.checks.env.secrets_are_strong import secrets_are_strong
from tests.checks import made

_CONTRACT = made.contract(KEY={"secret": True}, URL={"secret": True, "type": "url"}, NAME={})


@pytest.mark.parametrize(
    "value",
    [
        "short",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "abcabcabcabcabcabcabc",
        "passwordpassword",
        "abcdefghijklmnopqrstuvwxyz",
    ],
)
def test_what_can_be_guessed_is_weak(value: str) -> None:
    (finding,) = made.judged(secrets_are_strong, made.environment(KEY=value), _CONTRACT)
    assert value not in repr(finding)


@pytest.mark.parametrize(
    "value",
    ["7tC0oX9qLrV2mZ8wYb3KpN5d", "f3a91c7e5b2d8046" * 2 + "9", "q8Zr" * 5 + "hx2LmV0tKd7Ws9PbQe4N" * 4],
)
def test_random_values_are_fine(value: str) -> None:
    assert not made.judged(secrets_are_strong, made.environment(KEY=value), _CONTRACT)


def test_the_contract_may_ask_for_more() -> None:
    contract = made.contract(KEY={"secret": True, "min_length": 32})
    (finding,) = made.judged(secrets_are_strong, made.environment(KEY="7tC0oX9qLrV2mZ8wYb3KpN5d"), contract)
    assert "at least 32" in finding.message


def test_urls_and_what_is_no_secret_are_left_alone() -> None:
    assert not made.judged(secrets_are_strong, made.environment(URL="http://x", NAME="aaa"), _CONTRACT)
