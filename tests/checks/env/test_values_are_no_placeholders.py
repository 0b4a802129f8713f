import pytest

from hotelctl.checks.env.values_are_no_placeholders import values_are_no_placeholders
from tests.checks import made

_CONTRACT = made.contract(TOKEN={"secret": True}, NAME={})


@pytest.mark.parametrize(
    "value",
    [
        "changeme",
        "your-api-key",
        "<token>",
        "REPLACE_ME",
        "xxx",
        "TODO",
        "password",
        "${TOKEN}",
        "s3cr3t-change-me",
    ],
)
def test_what_stands_in_examples_is_a_placeholder(value: str) -> None:
    (finding,) = made.judged(values_are_no_placeholders, made.environment(TOKEN=value), _CONTRACT)
    assert finding.subject == "TOKEN"


def test_real_values_are_fine() -> None:
    real = made.environment(TOKEN="hunter2-9f8a7c6d5e", NAME="The list of the day", OTHER="changeme")
    assert not made.judged(values_are_no_placeholders, real, _CONTRACT)


def test_profile_ci_asks_for_secrets_only() -> None:
    contract = made.contract(TOKEN={"secret": True}, NAME={})
    found = made.judged(
        values_are_no_placeholders, made.environment("ci", TOKEN="todo", NAME="todo"), contract
    )
    assert [finding.subject for finding in found] == ["TOKEN"]
