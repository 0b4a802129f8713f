import pytest

from hotelctl.checks.env.secrets_stay_on_the_server import secrets_stay_on_the_server
from tests.checks import made

_LIVE = "sk_live" + "_9aK3mQx7ZtR2vB8nL5wY4cHd"


def test_public_values_and_server_secrets_are_fine() -> None:
    contract = made.contract(NEXT_PUBLIC_URL={}, TOKEN={"secret": True}, VITE_KEY={})
    environment = made.environment(
        NEXT_PUBLIC_URL="https://a", TOKEN="x", VITE_KEY="pk_test_1", VITE_MAP_TOKEN="p"
    )
    assert not made.judged(secrets_stay_on_the_server, environment, contract)


@pytest.mark.parametrize("prefix", ["NEXT_PUBLIC_", "VITE_", "PUBLIC_", "REACT_APP_"])
def test_a_declared_secret_under_a_client_prefix_is_told_by_the_contract(prefix: str) -> None:
    contract = made.contract(A={}, **{f"{prefix}KEY": {"secret": True}})
    (finding,) = made.judged(secrets_stay_on_the_server, made.environment(), contract)
    assert str(finding.location) == "env.toml:20"
    assert finding.fix == "KEY=..."


def test_a_secret_that_is_declared_exposed_is_told_too() -> None:
    contract = made.contract(KEY={"secret": True, "client_exposed": True})
    (finding,) = made.judged(secrets_stay_on_the_server, made.environment(KEY="hunter2"), contract)
    assert finding.subject == "KEY"


def test_names_that_are_declared_as_open_or_only_speak_of_secrets_are_fine() -> None:
    environment = made.environment(VITE_DEMO_PASSWORD="demo", VITE_PASSWORD_MIN_LENGTH="12")
    assert not made.judged(secrets_stay_on_the_server, environment, made.contract(VITE_DEMO_PASSWORD={}))


def test_a_live_key_in_an_open_name_is_told_without_its_text() -> None:
    (finding,) = made.judged(
        secrets_stay_on_the_server, made.environment(VITE_PAY=_LIVE), made.contract(VITE_PAY={})
    )
    assert "a live Stripe key" in finding.message
    assert _LIVE not in repr(finding)


def test_an_undeclared_name_of_a_secret_is_told() -> None:
    (finding,) = made.judged(
        secrets_stay_on_the_server, made.environment(NEXT_PUBLIC_DB_PASSWORD="hunter2"), made.contract()
    )
    assert "name of a secret" in finding.message
