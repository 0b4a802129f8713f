"""The outside services that a service file names, with what the release's variables say of each."""

from dataclasses import dataclass
from enum import StrEnum
from ipaddress import ip_address
from urllib.parse import urlsplit

from hotelctl.facts.release_environment import Setting
from hotelctl.facts.url_form import form_problem


class Encryption(StrEnum):
    """When a connection is encrypted."""

    NEVER = "never"
    AT_ONCE = "at once"
    STARTTLS = "STARTTLS"


SCHEMES: dict[str, tuple[Encryption, int | None]] = {
    "https": (Encryption.AT_ONCE, 443),
    "http": (Encryption.NEVER, 80),
    "smtp+starttls": (Encryption.STARTTLS, 587),
    "smtp+tls": (Encryption.AT_ONCE, 465),
    "tls": (Encryption.AT_ONCE, None),
    "tcp": (Encryption.NEVER, None),
}
"""What an address may begin with: how it is encrypted, and its usual port."""


class Mode(StrEnum):
    """What a key moves: real things, or none."""

    LIVE = "live"
    TEST = "test"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a service answers."""

    scheme: str
    host: str
    port: int
    encryption: Encryption

    @property
    def is_number(self) -> bool:
        """Whether it is an IP address, which needs no name service."""
        try:
            ip_address(self.host)
        except ValueError:
            return False
        return True

    def __str__(self) -> str:
        """`host:port`."""
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Outside:
    """One that is configured: `key` is the variable that says so, None for one that always is.

    Without an address `trouble` says why, and is empty for one whose address nothing names. `has_check`
    tells whether there is a program that asks it, `latency_limit_ms` what half of its calls may take.
    """

    name: str
    key: Setting | None = None
    address: Address | None = None
    trouble: str = ""
    has_check: bool = True
    latency_limit_ms: float | None = None
    live_keys: tuple[str, ...] = ()
    test_keys: tuple[str, ...] = ()

    @property
    def has_modes(self) -> bool:
        """Whether its keys tell by their form what they move."""
        return self.key is not None and bool(self.live_keys)

    @property
    def mode(self) -> Mode | None:
        """What its key moves; None where the form of the key does not tell."""
        text = self.key.value.reveal().strip() if self.key else ""
        if text.startswith(self.live_keys):
            return Mode.LIVE
        return Mode.TEST if text.startswith(self.test_keys) else None


@dataclass(frozen=True, slots=True)
class OutsideServices:
    """The ones that are configured, in the order of the file; there is one at least."""

    profile: str
    configured: tuple[Outside, ...]


def read_address(url: str) -> Address:
    """The parts of `url`. Raises `ValueError` with what is wrong with it, without repeating it."""
    if problem := form_problem(url, tuple(SCHEMES)):
        raise ValueError(problem)
    parts = urlsplit(url.strip())
    encryption, usual = SCHEMES[parts.scheme]
    port = parts.port or usual
    if port is None or parts.hostname is None:
        raise ValueError("names no port")
    return Address(parts.scheme, parts.hostname, port, encryption)
