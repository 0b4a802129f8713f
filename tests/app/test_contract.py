import tomllib
from pathlib import Path

import pytest

from hotelctl.app import contract

_ROOT = Path(__file__).parents[2]
_APP = _ROOT / "hotelctl" / "app"
_SETTINGS = {"settings.py", "external_settings.py", "contract.py"}


def test_the_contract_file_is_what_the_settings_say() -> None:
    assert (_APP / "env.toml").read_text(encoding="utf-8") == contract.env_toml()


def test_the_example_file_is_what_the_settings_say() -> None:
    assert (_ROOT / ".env.example").read_text(encoding="utf-8") == contract.env_example()


def test_the_contract_is_valid_and_says_what_each_key_is() -> None:
    document = tomllib.loads(contract.env_toml())
    assert document["schema"] == "hotelctl.env/1"
    keys = document["keys"]
    assert keys["DATABASE_URL"]["secret"] is True
    assert keys["DATABASE_URL"]["required"] == ["ci", "staging", "production"]
    assert keys["DATABASE_URL"]["schemes"] == ["postgresql", "postgresql+psycopg"]
    assert keys["OPS_TOKEN"] | {"docs": ""} == {
        "docs": "",
        "type": "str",
        "secret": True,
        "min_length": 32,
        "example": "CHANGE_ME_to_at_least_32_random_characters",
    }
    assert keys["DATABASE_POOL_SIZE"]["min"] == 1
    assert {name for name, key in keys.items() if "required" in key} == {
        "DATABASE_URL",
        "HOTEL_KEYRING",
        "HOTEL_PUBLIC_URL",
        "HOTEL_ENV",
    }


def test_the_example_holds_placeholders_for_secrets() -> None:
    for name, key in contract.variables().items():
        assert not key.get("secret") or "CHANGE_ME" in key["example"], name


def test_an_old_name_is_in_the_contract_and_not_in_the_example() -> None:
    old = {name: key["deprecated"] for name, key in contract.variables().items() if "deprecated" in key}
    assert old == {
        "NEXTAUTH_SECRET": "use HOTEL_KEYRING",
        "NEXTAUTH_URL": "use HOTEL_PUBLIC_URL",
        "NEXT_PUBLIC_APP_URL": "use HOTEL_PUBLIC_URL",
        "SMTP_PASS": "use SMTP_PASSWORD",
    }
    assert not any(f"{name}=" in contract.env_example() for name in old)


def test_the_secret_of_before_is_long_enough_or_the_environment_is_not_in_order() -> None:
    assert contract.variables()["NEXTAUTH_SECRET"]["min_length"] == 32


def test_a_choice_is_in_the_contract() -> None:
    assert contract.variables()["SMTP_SECURITY"]["choices"] == ["starttls", "tls"]


def test_only_the_settings_look_at_the_environment() -> None:
    for path in _APP.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "os.environ" not in text, path
        assert "getenv" not in text, path


def test_prints_either_file(capsys: pytest.CaptureFixture[str]) -> None:
    contract.main([])
    assert capsys.readouterr().out == contract.env_toml()
    contract.main(["--example"])
    assert capsys.readouterr().out == contract.env_example()
