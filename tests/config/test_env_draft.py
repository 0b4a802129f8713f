import pytest

from hotelctl.config.env_draft import env_draft
from hotelctl.facts.env_contract import EnvContract, parse_contract
from tests.facts.found.test_survey import surveyed
from tests.services.shapes import EMPTY, EXPRESS, FASTAPI, NEXT, SHAPES, TWO_PARTS, Files


def drafted(files: Files) -> EnvContract:
    """The contract as the own reader reads it."""
    text = env_draft(surveyed(files))
    assert text is not None
    return parse_contract("env.toml", text)


@pytest.mark.parametrize("files", SHAPES.values(), ids=SHAPES)
def test_the_own_reader_accepts_every_draft(files: Files) -> None:
    text = env_draft(surveyed(files))
    assert text is None or parse_contract("env.toml", text).keys


def test_keys_of_code_and_example_are_there_with_their_places() -> None:
    keys = drafted(FASTAPI).keys
    assert list(keys) == ["DATABASE_URL", "LOG_LEVEL", "STRIPE_SECRET_KEY"]
    assert keys["DATABASE_URL"].docs == "Read in book/main.py:6. Shown in .env.example:2."
    assert keys["DATABASE_URL"].type == "url"
    assert keys["LOG_LEVEL"].example == "info"


def test_what_the_system_sets_is_no_key_of_the_service() -> None:
    assert "HOME" not in drafted(FASTAPI).keys


def test_secrets_are_guessed_by_name_and_their_values_stay_out() -> None:
    text = env_draft(surveyed(FASTAPI))
    assert text is not None
    keys = parse_contract("env.toml", text).keys
    assert (keys["DATABASE_URL"].secret, keys["STRIPE_SECRET_KEY"].secret, keys["LOG_LEVEL"].secret) == (
        True,
        True,
        False,
    )
    assert "book:book" not in text
    assert "sk_test" not in text
    assert drafted(EXPRESS).keys["JWT_SECRET"].secret


def test_a_value_that_looks_like_a_credential_is_not_repeated() -> None:
    token = "ghp_" + "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA1bC2"
    text = env_draft(surveyed({".env.example": f"THING={token}\nOTHER=amqp://u:hunter2@mq/\n"}))
    assert text is not None
    assert token not in text
    assert "hunter2" not in text
    assert parse_contract("env.toml", text).keys["OTHER"].secret


def test_what_pages_show_is_secret_only_by_a_name_that_says_so() -> None:
    keys = drafted(NEXT).keys
    assert not keys["NEXT_PUBLIC_MAP_KEY"].secret
    assert keys["NEXT_PUBLIC_STRIPE_SECRET"].secret
    assert "VITE_API_URL" in drafted(TWO_PARTS).keys


def test_of_several_names_for_one_value_the_one_that_is_known_counts() -> None:
    settings = (
        "from pydantic import AliasChoices, Field\nfrom pydantic_settings import BaseSettings\n"
        "class S(BaseSettings):\n    a: str = Field(validation_alias=AliasChoices('NEW_NAME', 'OLD_NAME'))\n"
    )
    assert list(drafted({"s.py": settings}).keys) == ["NEW_NAME"]


def test_a_project_that_reads_nothing_needs_no_contract() -> None:
    assert env_draft(surveyed(EMPTY)) is None


def test_what_the_code_cannot_do_without_is_required_where_instances_run() -> None:
    code = "import os\nos.environ['A']\nos.environ['B']\nos.environ.get('B')\nos.getenv('C')\n"
    keys = drafted({"main.py": code, ".env.example": "D=1\n"}).keys
    assert {name: key.required for name, key in keys.items()} == {
        "A": ("staging", "production"),
        "B": (),
        "C": (),
        "D": (),
    }


def test_what_compose_files_name_is_there_and_what_they_cannot_do_without_is_required() -> None:
    compose = """\
services:
  web:
    build: .
    environment: {LOG_LEVEL: debug, COLOUR: red}
    image: web:${TAG?}
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${POSTGRES_PASSWORD:?set it}", POSTGRES_DB: app}
"""
    keys = drafted({**FASTAPI, "docker-compose.yml": compose}).keys
    assert set(keys) - set(drafted(FASTAPI).keys) == {"COLOUR", "POSTGRES_PASSWORD", "TAG"}
    assert keys["LOG_LEVEL"].docs.endswith("Named in docker-compose.yml:4.")
    assert (keys["POSTGRES_PASSWORD"].required, keys["POSTGRES_PASSWORD"].secret) == (
        ("staging", "production"),
        True,
    )
    assert (keys["TAG"].required, keys["COLOUR"].required) == (("staging", "production"), ())


def test_what_a_settings_class_declares_of_values_is_taken_over() -> None:
    source = """\
from pydantic_settings import BaseSettings

class Settings(BaseSettings):
    workers: int = 4
    mode: Literal["eager", "lazy"] = "lazy"
    pepper: SecretStr
    origins: list[str] = []
    hosts: list[str] = []

    @field_validator("hosts", mode="before")
    def _split(cls, value): ...
"""
    keys = drafted({"settings.py": source}).keys
    assert (keys["WORKERS"].type, keys["MODE"].choices) == ("int", ("eager", "lazy"))
    assert (keys["PEPPER"].secret, keys["PEPPER"].type) == (True, "str")
    assert (keys["ORIGINS"].type, keys["HOSTS"].type) == ("json", "str")
