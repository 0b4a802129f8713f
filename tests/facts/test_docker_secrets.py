import pytest

from hotelctl.facts.docker_secrets import (
    DeclaredSecrets,
    has_secret_shape,
    hide,
    is_kept,
    is_secret_name,
    is_stand_in,
)
from hotelctl.facts.secret import Secret


@pytest.mark.parametrize(
    "name",
    [
        "PASSWORD",
        "DB_PASSWORD",
        "API_KEY",
        "NPM_TOKEN",
        "AWS_SECRET_ACCESS_KEY",
        "db_pwd",
        "JWT_KEY",
        "PASSWORD_PROD",
        "PGPASSWORD",
        "LDAP_ROOTPASS",
        "LICENSE_KEY",
        "GITHUBTOKEN",
    ],
)
def test_secret_names(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "PWD",
        "API_KEY_FILE",
        "TOKEN_TTL",
        "MAX_TOKENS",
        "PUBLIC_KEY",
        "GPG_KEY",
        "BYPASS",
        "COMPASS_PORT",
        "SECRETARY",
        "KEYBOARD",
        "PASSWORD_MIN_LENGTH",
        "PATH",
    ],
)
def test_other_names(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize("value", ["", " ", "true", "3600", "/run/secrets/a"])
def test_values_that_are_no_secret(value: str) -> None:
    assert not is_kept(value)


def test_shapes_count_and_variables_in_their_place_do_not() -> None:
    assert has_secret_shape("postgresql://a:real-password@h/d")
    assert not has_secret_shape("postgresql://a:${PW}@h/d")
    assert not has_secret_shape("https://example.org:8080/a@b")


def test_an_example_for_a_password_excuses_no_token_beside_it() -> None:
    token = "ghp_" + "Zt6pW3nB8qL5" * 3
    assert is_stand_in("postgresql://a:changeme@h/d")
    assert not is_stand_in(f"postgresql://a:changeme@h/d?options={token}")
    assert not is_stand_in("postgresql://a:real-password@h/d")


def test_values_count_from_eight_characters() -> None:
    known = DeclaredSecrets(values=(Secret("short"), Secret("long-enough")))
    assert known.value_in("x long-enough y")
    assert not known.value_in("x short y")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("A_TOKEN=hunter2 b", "A_TOKEN=[redacted 7 chars] b"),
        ("ENV A_TOKEN 'hunter2 b'", "ENV A_TOKEN [redacted 11 chars]"),
        ("x --password hunter2", "x --password [redacted 7 chars]"),
        ("curl -u me" + ":hunter2 x", "curl -u me:[redacted 7 chars] x"),
        ('CMD ["a", "--password", "hunter2"]', 'CMD ["a", "--password", [redacted 9 chars]]'),
        ("-H 'X-Api-Key: hunter2'", "-H 'X-Api-Key: [redacted 7 chars]'"),
        ("A_TOKEN=$A_TOKEN npm ci", "A_TOKEN=$A_TOKEN npm ci"),
        ("pip install flask==1", "pip install flask==1"),
    ],
)
def test_what_is_hidden(text: str, shown: str) -> None:
    assert hide(text) == shown
