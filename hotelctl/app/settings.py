"""The only place that names an environment variable: a field's name in capitals is the variable.

`python -m hotelctl.app.contract` writes env.toml and .env.example from these classes.
"""

from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, TypeVar

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
)
from pydantic_settings import NoDecode

from hotelctl.app.domain.failures import EXIT_CONFIG, StartFailure
from hotelctl.app.environment import DATABASE_SCHEMES, WEB_SCHEMES, Environment, Origin, origin
from hotelctl.app.external_settings import ExternalSettings

Network = IPv4Network | IPv6Network
S = TypeVar("S", bound=Environment)


def _postgres_url(value: SecretStr) -> SecretStr:
    from hotelctl.app.database_url import check  # noqa: PLC0415 - chores without a database load no SQLAlchemy

    check(value.get_secret_value())
    return value


def _networks(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(ip_network(part.strip(), strict=False) for part in value.split(",") if part.strip())


def _origins(value: object) -> object:
    if not isinstance(value, str):
        return value
    return tuple(origin(part.strip()) for part in value.split(",") if part.strip())


PostgresUrl = Annotated[SecretStr, AfterValidator(_postgres_url)]


class DatabaseSettings(Environment):
    """Where the database is. Migrations and chores read it as the owner, the service as its run-time role."""

    database_url: PostgresUrl = Field(
        description="PostgreSQL 15 or newer: the owner's for migrations, the run-time role's to serve.",
        examples=["postgresql://hotel_owner:CHANGE_ME@db.example.invalid:5432/hotel"],
        json_schema_extra={"kind": "url", "schemes": [*DATABASE_SCHEMES]},
    )


class KeyringSettings(Environment):
    """Where the signing keys are."""

    hotel_keyring: Path = Field(
        description="Directory with one <kid>.pem (Ed25519) for each signing key and the file `active`.",
        examples=["/path/to/keyring"],
        json_schema_extra={"kind": "path", "private": True},
    )


class PasswordSettings(Environment):
    """How dear one password hash is."""

    password_memory_kib: int = Field(
        19456,
        ge=19456,
        le=1048576,
        description="Memory of one argon2id password hash in KiB; the default takes 20 to 30 ms.",
    )


class SmokeSettings(PasswordSettings, DatabaseSettings):
    """What probes read: DATABASE_URL is the owner's there, and this is the run-time role's."""

    runtime_database_url: PostgresUrl | None = None
    ops_token: SecretStr | None = None


class EnvironmentSettings(Environment):
    """Which environment this is."""

    hotel_env: str = Field(
        pattern=r"^[a-z][a-z0-9-]{0,31}$",
        description="Name of the environment; only `local` shows the API description at /openapi.json.",
        examples=["production"],
    )


class AddressSettings(Environment):
    """Under which address people reach the service, where a chore has to name it; None where nobody said."""

    hotel_public_url: Origin | None = None


class Settings(ExternalSettings, EnvironmentSettings, PasswordSettings, KeyringSettings, DatabaseSettings):
    """All that the running service reads."""

    hotel_public_url: Origin = Field(
        description="Address under which people reach the service.",
        examples=["https://hotel.example.invalid"],
        json_schema_extra={"kind": "url", "schemes": [*WEB_SCHEMES]},
    )
    ops_token: SecretStr | None = Field(
        None,
        min_length=32,
        description="Bearer token that opens /metrics, /api/ops/services and the details of /api/health/db.",
        examples=["CHANGE_ME_to_at_least_32_random_characters"],
    )
    test_database_url: PostgresUrl | None = Field(
        None,
        description="Database server for tests only; must not be the database of DATABASE_URL.",
        examples=["postgresql://tester:CHANGE_ME@db.example.invalid:5432/hotel_test"],
        json_schema_extra={"kind": "url", "schemes": [*DATABASE_SCHEMES]},
    )
    trusted_proxies: Annotated[tuple[Network, ...], NoDecode, BeforeValidator(_networks)] = Field(
        (ip_network("127.0.0.1/32"), ip_network("::1/128")),
        description="Networks, by commas, whose X-Forwarded-For and X-Request-Id are believed.",
        json_schema_extra={"kind": "list"},
    )
    cors_origins: Annotated[tuple[str, ...], NoDecode, BeforeValidator(_origins)] = Field(
        (),
        description="Origins, by commas, whose pages may read answers of the API; none by default.",
        examples=["https://www.hotel.example.invalid"],
        json_schema_extra={"kind": "list"},
    )
    database_pool_size: int = Field(
        10,
        ge=1,
        le=200,
        description="Connections that one instance keeps to the database.",
    )
    database_wait_s: int = Field(
        30,
        ge=0,
        le=300,
        description="Seconds that a start waits for a database that does not answer.",
    )
    jobs_pause_s: int = Field(
        60,
        ge=0,
        le=3600,
        description="Seconds between two looks for work that no request asks for; 0 leaves it to `jobs run`.",
    )
    login_failures_per_minute: int = Field(
        5,
        ge=1,
        le=10000,
        description="Failed log-ins per minute from one network address before 429.",
    )

    @field_validator("test_database_url")
    @classmethod
    def _not_the_live_one(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        from hotelctl.app.database_url import is_same  # noqa: PLC0415 - as above

        live = info.data.get("database_url")
        if value and live and is_same(value.get_secret_value(), live.get_secret_value()):
            raise ValueError("is the database of DATABASE_URL")
        return value


def load(settings: type[S]) -> S:
    """The settings, read from the environment.

    Raises StartFailure that names every wrong variable at once and never holds a value.
    """
    try:
        return settings()
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False, include_context=False)
    problems = tuple(
        {"key": str(item["loc"][0]).upper(), "problem": item["msg"].removeprefix("Value error, ")}
        for item in found
    )
    summary = "; ".join(f"{item['key']}: {item['problem']}" for item in problems)
    raise StartFailure(EXIT_CONFIG, "config_invalid", f"environment is not usable: {summary}", problems)
