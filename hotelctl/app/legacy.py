"""Old names of variables: still read, with a warning, and refused where they contradict the new ones."""

from pydantic import Field, SecretStr

from hotelctl.app.domain.failures import EXIT_CONFIG, StartFailure
from hotelctl.app.environment import OLD_NAMES, Environment, WebUrl
from hotelctl.app.settings import Settings, load

_SECRET = "NEXTAUTH_SECRET"  # noqa: S105 - its name
USE_INSTEAD = {**OLD_NAMES, _SECRET: "HOTEL_KEYRING"}
# RFC 7518: a key for HS256 is at least as long as the hash.
_SHORTEST_SECRET_BYTES = 32
_ADDRESSES = ("nextauth_url", "next_public_app_url")


class OldNames(Environment):
    """The names that an earlier system used."""

    nextauth_secret: SecretStr | None = Field(
        None,
        description="Verifies HS256 tokens of before, from 32 bytes on; HOTEL_KEYRING signs.",
        examples=["CHANGE_ME_to_the_32_bytes_or_more_of_before"],
        json_schema_extra={"min_length": _SHORTEST_SECRET_BYTES},
    )
    nextauth_url: WebUrl | None = Field(
        None,
        description="Read where HOTEL_PUBLIC_URL is not set; must agree with it.",
        json_schema_extra={"kind": "url"},
    )
    next_public_app_url: WebUrl | None = Field(
        None,
        description="Read where HOTEL_PUBLIC_URL is not set; must agree with it.",
        json_schema_extra={"kind": "url"},
    )
    smtp_pass: SecretStr | None = Field(
        None, description="Read where SMTP_PASSWORD is not set.", examples=["CHANGE_ME"]
    )


def notices(settings: Settings) -> tuple[str, ...]:
    """One sentence for each old name that is set.

    Raises StartFailure when an old address is another one than HOTEL_PUBLIC_URL.
    """
    old = load(OldNames)
    given = [name for name in OldNames.model_fields if getattr(old, name) is not None]
    wrong = [
        {"key": name.upper(), "problem": "is another address than HOTEL_PUBLIC_URL"}
        for name in _ADDRESSES
        if getattr(old, name) not in {None, settings.hotel_public_url}
    ]
    if wrong:
        summary = "; ".join(f"{item['key']}: {item['problem']}" for item in wrong)
        message = f"environment is not usable: {summary}"
        raise StartFailure(EXIT_CONFIG, "config_invalid", message, tuple(wrong))
    return tuple(_notice(name.upper()) for name in given)


def old_secret() -> bytes | None:
    """What signed access tokens of before, to verify and never to sign; None when it is too short."""
    found = load(OldNames).nextauth_secret
    secret = found.get_secret_value().encode() if found else b""
    return secret if len(secret) >= _SHORTEST_SECRET_BYTES else None


def _notice(name: str) -> str:
    use = USE_INSTEAD[name]
    if name != _SECRET:
        return f"{name} is an old name: set {use}"
    if old_secret() is None:
        return f"{name} is not used, it has less than {_SHORTEST_SECRET_BYTES} bytes: set {use}"
    return f"{name} only verifies tokens of before: set {use} and remove it when the last of them has run out"
