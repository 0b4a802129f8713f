"""What every settings class is made of: how the environment is read, and forms of values."""

from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

DATABASE_SCHEMES = ("postgresql", "postgresql+psycopg")
WEB_SCHEMES = ["https", "http"]
# An old name and the variable that took its place; the new name wins where both are set.
OLD_NAMES = {
    "SMTP_PASS": "SMTP_PASSWORD",
    "NEXTAUTH_URL": "HOTEL_PUBLIC_URL",
    "NEXT_PUBLIC_APP_URL": "HOTEL_PUBLIC_URL",
}


def web_url(value: str) -> str:
    """The URL without a slash at its end.

    Raises ValueError if it is none of http or https, or carries a user, a query or a fragment.
    """
    parts = urlsplit(value)
    if parts.scheme not in WEB_SCHEMES or not parts.hostname:
        raise ValueError("must be https://host or http://host, with a port if needed")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ValueError("must hold no user, query or fragment")
    return value.rstrip("/")


def origin(value: str) -> str:
    """Scheme, host and port alone.

    Raises ValueError for anything else.
    """
    if urlsplit(value).path not in {"", "/"}:
        raise ValueError("must hold no path, query or user")
    return web_url(value)


def _header_safe(value: SecretStr) -> SecretStr:
    text = value.get_secret_value()
    if not (text.isascii() and text.isprintable()) or " " in text:
        raise ValueError("must be printable ASCII without spaces")
    return value


Origin = Annotated[str, AfterValidator(origin)]
WebUrl = Annotated[str, AfterValidator(web_url)]
ApiKey = Annotated[SecretStr, AfterValidator(_header_safe)]


class _OldNames(EnvSettingsSource):
    """The values of old names, for fields whose own variable is not set."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        """The value of the first old name that is set; a settings class knows only new ones."""
        del field
        old = (name for name, new in OLD_NAMES.items() if new == field_name.upper())
        found = (self.env_vars.get(name.lower()) for name in old)
        return next((value for value in found if value), None), field_name, False


class Environment(BaseSettings):
    """Settings read from the environment; no value of it is ever shown in an error."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, hide_input_in_errors=True)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """The environment alone, and behind it its old names."""
        del dotenv_settings, file_secret_settings
        return init_settings, env_settings, _OldNames(settings_cls)
